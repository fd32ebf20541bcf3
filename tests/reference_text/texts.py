"""Random texts from a seed, made of what is hard about counting and linking."""

from random import Random

WORDS = """
    vote march Saturday the and café naïve Ärger straße žluťoučký Việt e.g. U.S. p.m. 3.14 v2.0
    don't rock'n'roll … — “quoted” (aside) [note] 50% a/b #1 @ # $5 $ABC $abc.d &amp; <b> C++
    @user @user_1 @alice.bsky.social @bob.example.com @x/y @me@example.org
    @verylongusername12345678 #tag #Tag_2 #2026 #1st #日本語 #тег #café #a-b #tag. #😀 ＃全角 ＠全角
    ##double @@double a@b.com
""".split()  # noqa: SIM905  # quotes around each would hide them
SCRIPTS = (
    "日本語のテキスト",
    "今日は。",
    "中文字符，標點。",
    "한국어",
    "ไทยภาษา",
    "हिन्दी क्षत्रिय",
    "বাংলা",
    "தமிழ்",
    "العربية",
    "مرحبا بكم",
    "עברית שָׁלוֹם",
    "\u200f\u05e9\u05dc\u05d5\u05dd\u200e",
    "\u202babc\u202c",
    "Русский",
    "Ελληνικά",
    "e\u0301e\u0323\u0302",
    "ȫ",
    "Z͑ͫ̓á̘l̠͈go",
    "\ufb01",
    "\xc5",
    "한",
    "\uac01",
    "ｶﾞ",
    "𝕏𝔸",
    "𠮷野",
    "\xad",
    "\u200b",
    "\u200d",
    "\u2122",
    "\xa9",
    "\u203c",
    "\r\n",
)
EMOJI = """
    😀 👍 👍🏽 👩‍💻 👨🏿‍🚀 👨‍👩‍👧‍👦 🏳️‍🌈 🏴‍☠️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇩🇪 🇺🇸🇨🇦 ❤️ ❤ ☀️ 1️⃣ #️⃣ ✊🏾 👩‍❤️‍👨 🤷‍♀️ 🧕🏾 ⚧ ✨ ©️
    🕵️‍♂️ ⛹🏽‍♀️ 🐶🐱 🈁 ㊗️ ‼️ 🏃🏻‍♂️
""".split()  # noqa: SIM905  # quotes around each would hide them
HOSTS = """
    example.com www.example.org sub.domain.example.co.uk t.co münchen.de пример.рф 日本.jp
    例え.テスト
    xn--e1afmkfd.xn--p1ai foo_bar.example.com my-site.org a.b.c.d.e.museum example.invalidtld
    192.168.0.1 Example.COM hello.world s.id x.y
    very.long.labellabellabellabellabellabellabellabellabellabellabellabellabellabel.com ☃.net
    node.js file.txt localhost -bad.com bad-.com example.香港
""".split()  # noqa: SIM905  # quotes around each would hide them
PATHS = """
    / /path /path/to/page.html /a_(b) /a_((b)_c) /search?q=a+b&c=d#frag ?x=1 #frag
    /Русские_слова /café /日本 /foo,bar;baz /foo. /foo! /~user/@me /%E2%98%83 :8080/x /a-b_c=d
    /x?y=(z) /abcdefgh123 /a'b /a*b /foo)
""".split()  # noqa: SIM905  # quotes around each would hide them
PATHS += [""] * 3
SCHEMES = ("http://", "https://", "", "", "HTTP://", "ftp://", "mailto:")
WRAPPERS = (
    "{}",
    "{}",
    "{}",
    "({})",
    "[{}]",
    "<{}>",
    "“{}”",
    '"{}"',
    "{}.",
    "{},",
    "{}!",
    "{}…",
    "日本{}語",
    "({}).",
    "@{}",
    "#{}",
    "/{}",
    "-{}",
    "😀{}😀",
)
GLUE = (" ", " ", " ", " ", " ", "\n", "\n\n", "  ", "", ",", "\u3000", "\u00a0", "-", ", ")


def link(random: Random) -> str:
    """A web address, sound or not, perhaps wrapped in something."""
    address = random.choice(SCHEMES) + random.choice(HOSTS) + random.choice(PATHS)
    return random.choice(WRAPPERS).format(address)


def piece(random: Random) -> str:
    """One word, stretch of a script, emoji or link."""
    kind = random.random()
    if kind < 0.45:
        return random.choice(WORDS)
    if kind < 0.6:
        return random.choice(SCRIPTS)
    if kind < 0.75:
        return random.choice(EMOJI)
    return link(random)


def random_text(random: Random) -> str:
    """One to twenty-five pieces, glued by spaces or by less."""
    pieces = [piece(random) + random.choice(GLUE) for _ in range(random.randint(1, 25))]
    return "".join(pieces)
