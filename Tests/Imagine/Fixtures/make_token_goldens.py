"""Token numbers of many texts by the fast CLIP tokenizer of transformers, with CLIP's own merges.

    python make_token_goldens.py MERGES_GZ

MERGES_GZ is bpe_simple_vocab_16e6.txt.gz of OpenAI's CLIP (MIT licence), which the package open_clip_torch brings too.
Writes clip-merges.txt.gz (the 48,894 merges that the vocabulary uses) and token-goldens.json beside this script.
"""

import gzip
import json
import pathlib
import sys

from transformers import CLIPTokenizer

from tiny_checkpoints import byte_characters

HERE = pathlib.Path(__file__).parent
USED = 48894

PANGRAMS = """
a photograph of an astronaut riding a horse
A Photograph of an ASTRONAUT riding a horse, 8k, trending on ArtStation!!!
it's 3:45pm, isn't it?! They'll say we've 10% less; I'd rather not. I'M HERE, you're not, DON'T
(masterpiece:1.2), [blurry], {curly}, <angle>, \\backslash\\ /slash/ |pipe| ~tilde~ `tick` ^hat^ #tag @user $9.99 50€ £3 ¥7
Él está aquí: ¿qué pasó? ¡Ñandú! Çédille, naïve café, Ångström, smørrebrød, œuvre, Straße, ẞ, þorn, ðe, Łódź, žluťoučký kůň
İstanbul'da ılık ŞİİR, ĞÜŞİÖÇ; Tiếng Việt: Phở bò đặc biệt ở Hà Nội; Āzādī, ɖɛʋ, Ǆ ǅ ǆ, ŉ, ĳ Ĳ
ΟΔΥΣΣΕΥΣ Ὀδυσσεύς σίγμα τελικό ς, ΆΣ ΈΣ; Ἄνδρα μοι ἔννεπε, Μοῦσα; ᾳ ᾼ ῼ ϐ ϑ ϒ ϖ
Съешь же ещё этих мягких французских булок, да выпей чаю; ЙЁ Ђ Љ Њ Ћ Џ; Ґанок їжака; Ѐ ѝ ҕ Ӂ ӂ ԥ
საქართველო ᲡᲐᲥᲐᲠᲗᲕᲔᲚᲝ Ⴀ ⴀ; Հայաստան ԵՒ և; ᎣᏏᏲ ꭳꮟꮒ Ꭰ
צלמו תמונה של שׁלום בָּרוּךְ ‏rtl‏; ﬡ ﭏ; ייִדיש
صورة لرائد فضاء يركب حصانًا؛ ١٢٣ ۴۵۶ ﷽ ﻻ لا ـــ
عکس گربه‌ای روی ماه (فارسی) ۱۲۳؛ اردو میں ٹیکسٹ
घोड़े की सवारी करता हुआ अंतरिक्ष यात्री क़ ख़ ड़ १२३
বাংলা ভাষায় ছবি য় ড় ৪৫; தமிழ் படம் கொ கௌ ௧௨; తెలుగు; ಕನ್ನಡ; മലയാളം ൺ; ਪੰਜਾਬੀ; ગુજરાતી; ଓଡ଼ିଆ; සිංහල
ภาพถ่ายนักบินอวกาศขี่ม้า น้ำ กำ ๑๒๓; ຮູບພາບ ນ້ຳ; ភាសាខ្មែរ; မြန်မာဘာသာ; བོད་ཡིག
一个宇航员骑马的照片,高清8K。「東京タワー」、ガラス、ｶﾞﾗｽ、㌔、ー、々〆〇 ㍻ ﬀ
宇航员 骑马 1２③ Ⅳ ⅳ ㊙ ㋿ 🈁 ｆｕｌｌｗｉｄｔｈ ＦＵＬＬ
한국어 사진 우주인이 말을 타는 한글 ㈜ ㅋㅋㅋ
ᚠᚢᚦ ᠮᠣᠩᠭᠣᠯ አማርኛ ፩፪ ⵜⵉⴼⵉⵏⴰⵖ 𐌰𐌱 𐐀𐐨 𝔘𝔫𝔦 𝕏 𝟙𝟚 𒀀 𓀀
👩‍👩‍👧‍👦 👍🏽 🇩🇪🇫🇷 ❤️‍🔥 ☕ ☕️ 1️⃣ #️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 😀😃 🧑‍🚀🐴 🫠 🪿
e\u0301 é E\u0301 q\u0307\u0323 q\u0323\u0307 A\u030a Å \u212b \u2126 \u212a \u1e9b\u0323 j\u030c J\u030c \u01f0 i\u0307 \u0130 \u0345 a\u0300\u0301\u0302\u0303\u0304
½ ² ³ ¹ ¼ x² 10½ 1/2 ⅓ ₂ ⁿ ① ⒈ ⑽ ٣½ m² 2nd 1,234.56 0x1F 1e-5 ४²
tab\there\u00a0nbsp\u2003em\u3000ideographic\u2028line\u2029para\u0085nel\u000bvt\u000cff\r\ncrlf \u200bzwsp\u200c\u200d\u2060\ufeffbom
\u0000nul\u0001soh\u0007bel\u001besc\u001cfs\u001fus\u007fdel\u0080\u009f\u00ad soft\u00adhyphen \u061c\u200e\u202e
a</w> </w> b</w>c </ w> <w> <|endoftext|> x<|endoftext|>y <|ENDOFTEXT|> !<|EndOfText|>! <|startoftext|><|endoftext|> <|STARTOFTEXT|>cat
<|endoftext <|endoftext|>> <<|endoftext|> <| endoftext |> |endoftext| e\u0301<|endoftext|>\u0301e <|endoftext|><|ENDOFTEXT|>
'' 's S's 'S ' s ''s 'll'll 're've'd'm't 'x a'b'c don''t !'s ‘quoted’ “double” it’s ſ's 'ſ 'ŝ
!!! !! ! ?? ?! ... … ---- — – -- ==== ****** ~~~~ ((())) [[[]]] :) :-) :D <3 ^_^ ¯\\_(ツ)_/¯ ┻━┻ ▓▒░ █ ♥ ★ ☆ → ⇒ ∀ ∑ √ ∞ ≠ ℃ № ™ © ® ° ± µ μ ª º
\ufffd \ufffe \uffff \U0010ffff \ue000 \uf8ff \U000e0001 \U0001f9ff \U0001fae8 \U00030000 \U00031350
antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis xyzzyqwv qwertyuiopasdfghjklzxcvbnm
http://example.org/a?b=c&d=e#f user.name+tag@example.com C:\\Windows\\System32 --ar 16:9 --v 5.2 &amp; &lt;b&gt; &#39; <b>bold</b>
""".strip("\n")


def texts():
    lines = PANGRAMS.split("\n")
    made = list(lines)
    for line in lines:
        words = line.split(" ")
        # Each word alone, and neighbours without the space between them.
        made += words + ["".join(words[i:i + 2]) for i in range(0, len(words) - 1, 2)]
        made += [line.upper(), line.title(), line.swapcase()]
    made += ["", " ", "\n\t ", " lead", "trail ", "a  b", "a\u00a0\u2003 b", "a" * 5000, "ab" * 700, "1" * 300, "!" * 300,
             "é" * 500, "word " * 800, "高" * 400, "🙂" * 200, "á" * 300, " ".join(lines)]
    return list(dict.fromkeys(made))


def tokenizer(merges):
    characters = byte_characters()
    pairs = [tuple(m.split()) for m in merges]
    tokens = characters + [c + "</w>" for c in characters] + ["".join(p) for p in pairs]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(vocab={t: n for n, t in enumerate(tokens)}, merges=pairs)


def main(source):
    lines = gzip.open(source, "rt", encoding="utf-8").read().split("\n")[1:USED + 1]
    packed = gzip.compress(("#version: 0.2\n" + "\n".join(lines) + "\n").encode(), 9, mtime=0)
    (HERE / "clip-merges.txt.gz").write_bytes(packed)
    words = tokenizer(lines)
    made = texts()
    goldens = [[t, words(t, add_special_tokens=False).input_ids] for t in made]
    text = ",\n".join(json.dumps(g, separators=(",", ":")) for g in goldens)
    (HERE / "token-goldens.json").write_text("[\n" + text + "\n]\n")
    print(len(made), "texts,", len(packed), "bytes of merges")


if __name__ == "__main__":
    main(sys.argv[1])
