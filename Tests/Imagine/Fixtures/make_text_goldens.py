"""Prompt embeddings of the tiny checkpoints sd1 and sd2 by diffusers, and of weighted and long prompts by the rule itself.

    python make_text_goldens.py

Writes text-goldens.safetensors (tensors), text-goldens.json (the prompts that they belong to), weights-goldens.json
(prompts with their parts and weights) and the textual inversions text-inversion-*.safetensors beside this script.
"""

import json
import pathlib
import re

import torch
from diffusers import StableDiffusionPipeline
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent

PLAIN = [
    ("a photo of a cat", ""),
    ("", "a red house"),
    ("A (photo:1.2) of [the] blue boot!!", "the ships in space, dogs!"),
    ("a red cat in the blue house " * 9, "Ünïcødé 高清 ½"),
]
WEIGHTED = [
    ("a (red cat:1.5) in [the house]", ""),
    ("a photo of the (blue (space ship)) lands", "((dog)), [[boot:0.5"),
    ("a red cat in the (blue house:1.3) of san, " * 7, "a (dog:0.7)"),
    ("the cat", "the dog of the ships in space, " * 8),
    ("no weights here", "none"),
    ("a red cat in (the:1.2) house " * 20 + ", " + "a [blue] boot lands in the space " * 20, "a dog, " * 40 + "a (ship)"),
]
GRAMMAR = [
    "", "plain", "(x)", "[x]", "(x:1.3)", "((x))", "[[x]]", "[(x)]", "([x])", "a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).",
    r"\(literal\) \[too\] \\", "(unbalanced", "[unbalanced", "a) b]", "(a:1.2", "a:1.2)", "(a:b:1.2)", "(a: 1.5 )", "(a:.5)(b:-1)",
    "(a:+2) (b:x) (c:)", "a(b)c(d)e", "(a)(b)", "(a) (b)", "()", "(:1.2)", "[a:1.5]", "(a [b:1.5])", "(高清:0.8) é(ü)", "x (y:1) z",
    "a\nb (c\n:1.1)", "((a:1.1):2)", "(a(b:2)c(d:3)e", "[[(a)]b", r"(a\)b:1.4)", r"lone \ backslash \x",
]


def parts(prompt):
    """Weights by descent into brackets: the list of (text, weight) of a prompt, neighbours of one weight merged."""
    spans = []  # (first letter, last letter + 1, factor)
    letters = []
    opened = {"(": [], "[": []}
    place = 0
    while place < len(prompt):
        rest = prompt[place:]
        number = re.match(r":\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*\)", rest)
        if rest[0] == "\\":
            if rest[1:2] and rest[1] in "()[]\\":
                letters.append(rest[1])
                place += 1
            place += 1
        elif rest[0] in opened:
            opened[rest[0]].append(len(letters))
            place += 1
        elif number and opened["("]:
            spans.append((opened["("].pop(), len(letters), float(number[1])))
            place += number.end()
        elif rest[0] == ")" and opened["("]:
            spans.append((opened["("].pop(), len(letters), 1.1))
            place += 1
        elif rest[0] == "]" and opened["["]:
            spans.append((opened["["].pop(), len(letters), 1 / 1.1))
            place += 1
        else:
            letters.append(rest[0])
            place += 1
    spans += [(begin, len(letters), 1.1) for begin in opened["("]]
    spans += [(begin, len(letters), 1 / 1.1) for begin in opened["["]]
    made = []
    for index, letter in enumerate(letters):
        weight = 1.0
        for begin, end, factor in spans:
            if begin <= index < end:
                weight *= factor
        if made and made[-1][1] == weight:
            made[-1][0] += letter
        else:
            made.append([letter, weight])
    return made or [["", 1.0]]


def chunks(pipe, prompt):
    numbers, weights = [], []
    for text, weight in parts(prompt):
        found = pipe.tokenizer(text, add_special_tokens=False).input_ids
        numbers += found
        weights += [weight] * len(found)
    comma, made, begin = pipe.tokenizer.convert_tokens_to_ids(",</w>"), [], 0
    while True:
        end = min(begin + 75, len(numbers))
        # A phrase that would be torn apart moves on, if the comma before it is one of the last 20 tokens.
        if end < len(numbers) and numbers[end] != comma:
            places = [i for i in range(max(begin, end - 20), end) if numbers[i] == comma]
            end = places[-1] + 1 if places else end
        made.append((numbers[begin:end], weights[begin:end]))
        begin = end
        if begin >= len(numbers):
            return made


def weighted(pipe, prompt, count):
    start, end, pad = pipe.tokenizer.bos_token_id, pipe.tokenizer.eos_token_id, pipe.tokenizer.pad_token_id
    states = []
    made = chunks(pipe, prompt)
    for numbers, weights in made + [([], [])] * (count - len(made)):
        ids = [start] + numbers + [end] + [pad] * (75 - len(numbers))
        factors = torch.tensor([1.0] + weights + [1.0] * (76 - len(weights))).double()
        state = pipe.text_encoder(torch.tensor([ids]))[0].double()
        weighed = state * factors[None, :, None]
        # The mean of each chunk by itself is kept.
        states.append((weighed * (state.mean() / weighed.mean())).float())
    return torch.cat(states, 1)


def inversions(pipe, name, width):
    generator = torch.Generator().manual_seed(61)
    single = torch.randn(width, generator=generator).half().float()
    several = torch.randn(12, width, generator=generator).half().float()
    save_file({"<cat-toy>": single}, HERE / f"text-inversion-{name}-one.safetensors")
    save_file({"emb_params": several}, HERE / f"text-inversion-{name}-several.safetensors")
    pipe.load_textual_inversion(str(HERE), weight_name=f"text-inversion-{name}-one.safetensors")
    pipe.load_textual_inversion(str(HERE), weight_name=f"text-inversion-{name}-several.safetensors", token="sks")


def main():
    tensors, index = {}, []

    def keep(kind, name, prompt, negative, made, skipping=0):
        key = f"{len(index)}"
        index.append({"kind": kind, "checkpoint": name, "prompt": prompt, "negative": negative, "skipping": skipping})
        tensors[key + ".prompt"], tensors[key + ".negative"] = [t.detach().clone().contiguous() for t in made]

    def diffusers(pipe, prompt, negative, skipping=0):
        return pipe.encode_prompt(prompt, "cpu", 1, True, negative, clip_skip=skipping or None)

    for name, width in (("sd1", 16), ("sd2", 24)):
        pipe = StableDiffusionPipeline.from_pretrained(HERE / "checkpoints" / name)
        # For clip_skip diffusers asks for a part of the text encoder that is the encoder itself in transformers 5.
        pipe.text_encoder.__dict__["text_model"] = pipe.text_encoder
        for prompt, negative in PLAIN:
            keep("plain", name, prompt, negative, diffusers(pipe, prompt, negative))
        for skipping in (1, 2, 3) if name == "sd1" else ():
            keep("plain", name, *PLAIN[0], diffusers(pipe, *PLAIN[0], skipping), skipping)
        for prompt, negative in WEIGHTED if name == "sd1" else WEIGHTED[:2]:
            count = max(len(chunks(pipe, prompt)), len(chunks(pipe, negative)))
            keep("weighted", name, prompt, negative,
                 (weighted(pipe, prompt, count), weighted(pipe, negative, count)))
        inversions(pipe, name, width)
        for prompt, negative in (("a <cat-toy> in the house", "sks"), ("a photo of sks, <cat-toy>!", "a dog"),
                                 ("A <CAT-TOY>s sks_3 sks_11 cats", "asksb <cat-toy><cat-toy>")):
            keep("inversion", name, prompt, negative, diffusers(pipe, prompt, negative))
    save_file(tensors, HERE / "text-goldens.safetensors")
    (HERE / "text-goldens.json").write_text(json.dumps(index, indent=1, ensure_ascii=False) + "\n")
    (HERE / "weights-goldens.json").write_text(
        json.dumps([[p, parts(p)] for p in GRAMMAR], indent=None, ensure_ascii=False).replace("]]], ", "]]],\n") + "\n")


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    main()
