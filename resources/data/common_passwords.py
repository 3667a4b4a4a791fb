"""Writes common_passwords.txt: what people choose first when eight characters are asked of them, most obvious first.

Run it from this folder after changing the lists: python common_passwords.py
"""
# ruff: noqa: INP001  (a recipe beside what it makes, not a package)

from __future__ import annotations

from pathlib import Path

SHORTEST = 8
COUNT = 1000
WHOLE = """
12345678 123456789 1234567890 12345678910 0123456789 87654321 987654321 9876543210 0987654321 11111111 111111111 1111111111
00000000 000000000 0000000000 22222222 33333333 44444444 55555555 66666666 77777777 88888888 888888888 8888888888 99999999
999999999 12341234 11223344 1122334455 112233445566 12121212 123123123 123321123 12344321 1234554321 123454321 13131313 10203040
21212121 20202020 01010101 10101010 12348765 13141314 14141414 52013140 5201314520 13145200 52052052 13579246 147258369 159357456
159753159 963852741 741852963 789456123 321654987 456789123 147852369 123789456 123698745 110110110 119119119 120120120 123456123456
123456654321 1234567887654321 66668888 88886666 88889999 16888888 18888888 168168168 518518518 1qaz2wsx 1qaz2wsx3edc 1qazxsw2
1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4 q1w2e3r4t5 qwertyui qwertyuiop qwerasdf qweasdzxc qweqweqwe qazwsxedc qazwsxedcrfv
qazxswedc wsxedcrfv zxcvbnm123 asdfghjk asdfghjkl asdfasdf asdasdasd asdfzxcv zxczxczxc zxcvasdf poiuytrewq lkjhgfdsa mnbvcxz1
1234qwer qwer1234 asdf1234 zxcv1234 abcd1234 1234abcd abc12345 abcdefgh abcdefg1 abcd12345 aaaaaaaa aaaa1111 aabbccdd a1b2c3d4
aa123456 aa112233 ab123456 abc123abc a12345678 a123456789 a1234567 a1111111 a0000000 q12345678 qq123456 qq123456789 qqqqqqqq
w12345678 z12345678 zz123456 zzzzzzzz x12345678 s12345678 l12345678 woaini123 woaini520 woaini1314 woaini521 woaini5201314
woainima woaiwojia wojiushiwo nishishui woaiziji woaizhongguo zhongguo zhongguo123 beijing2008 aini1314 5201314a 5201314abc
love1314 iloveyou iloveyou1 iloveyou123 iloveyou520 iloveyou1314 password password1 password12 password123 password1234 passw0rd
p@ssw0rd p@ssword pa55word pass1234 pass12345 password! password01 letmein1 letmein123 welcome1 welcome123 changeme changeme1
changeme123 default1 default123 trustno1 sunshine princess football baseball basketball superman spiderman starwars pokemon1
computer internet whatever michelle jennifer victoria samantha alexander benjamin jonathan elizabeth charlotte nicholas
liverpool chelsea1 arsenal1 manchester juventus barcelona realmadrid corvette mercedes porsche1 ferrari1 yamaha11 kawasaki
chocolate butterfly cheesecake strawberry cinnamon blueberry honeybee sweetheart babygirl babyboy1 fuckyou1 asshole1 bigdaddy
killer123 monkey123 dragon123 shadow123 master123 tiger1234 hello123 hello1234 secret123 testtest test1234 test12345 testing1
guest123 user1234 system123 server123 oracle123 windows7 windows10 microsoft samsung1 nokia1234 huawei123 xiaomi123 taobao123
alipay123 weixin123 wechat123 tencent123 baidu123 google123 facebook linkedin dropbox1 gongfang gongfang123 gongchang gongsi123
caiwu123 caigou123 cangku123 shengchan xiaoshou kuaiji123 kuaijishi chengben zhiliang chejian1 jihua123 guanliyuan
"""
WORDS = """
admin administrator root manager boss user test guest demo system super master pass password welcome hello login letmein
woaini zhang wang li zhao chen liu yang huang zhou wu xu sun ma zhu hu guo lin he gao liang luo song zheng xie han tang feng
caiwu caigou cangku xiaoshou shengchan gongfang gongsi kuaiji erp k3 kingdee yonyou china beijing shanghai shenzhen guangzhou
dongguan ningbo wenzhou suzhou abc abcd asd asdf qwe qwer qwert qwerty qaz zxc zxcv aaa qq love baby happy lucky money
dragon tiger monkey football summer winter spring autumn
"""
ENDINGS = (
    "123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "888", "8888", "88888", "888888", "666", "6666", "666666",
    "000", "0000", "000000", "111", "1111", "111111", "520", "1314", "5201314", "168", "@123", "@1234", "@123456", "!@#", "123!@#",
    "2020", "2021", "2022", "2023", "2024", "2025", "2026", "@2024", "@2025", "@2026", "110", "321", "654321", "001", "01",
)  # fmt: skip


def passwords() -> list[str]:
    """The list, each once, in the order in which somebody would try them."""
    made = dict.fromkeys(WHOLE.split())
    words = WORDS.split()
    for ending in ENDINGS:
        for word in words:
            made.setdefault(word + ending)
    return [password for password in made if len(password) >= SHORTEST][:COUNT]


if __name__ == "__main__":
    Path(__file__).with_suffix(".txt").write_text("\n".join(passwords()) + "\n", encoding="utf-8", newline="\n")
