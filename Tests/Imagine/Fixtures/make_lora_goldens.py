"""Makes small LoRA files in the formats that circulate, and what diffusers and PEFT make of them.

    python make_lora_goldens.py

Writes lora-*.safetensors beside itself: files for the checkpoint sd1, and the goldens, outputs of its U-Net and text encoder
with the adapters fused into the weights. Images have their channels last. The U-Net's part is loaded and fused by diffusers.
The text encoder's is added to its weights here, by PEFT's own products for the file of PEFT: transformers 5.24 refuses to
load adapters with the versions of PEFT that were published with it. Needs torch, diffusers, peft and safetensors.
"""

import copy
import pathlib

import torch
from diffusers import StableDiffusionPipeline
from peft import LoraConfig, inject_adapter_in_model
from peft.utils import get_peft_model_state_dict
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
GENERATOR = torch.Generator().manual_seed(9)
BASE = StableDiffusionPipeline.from_pretrained(HERE / "checkpoints" / "sd1", safety_checker=None)
SAMPLE = torch.randn(1, 4, 6, 5, generator=GENERATOR).half().float()
CONTEXT = torch.randn(1, 3, 16, generator=GENERATOR).half().float()
TOKENS = torch.randint(0, 540, (2, 9), generator=GENERATOR)
CONVOLUTIONS = ["down_blocks.0.resnets.0.conv1", "down_blocks.0.downsamplers.0.conv", "up_blocks.0.resnets.0.conv_shortcut",
                "mid_block.attentions.0.proj_in", "up_blocks.1.attentions.1.proj_out", "up_blocks.0.upsamplers.0.conv"]
LINEARS = ["down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q",
           "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k",
           "mid_block.attentions.0.transformer_blocks.0.attn2.to_v",
           "up_blocks.1.attentions.0.transformer_blocks.0.attn1.to_out.0",
           "up_blocks.1.attentions.0.transformer_blocks.0.ff.net.0.proj",
           "up_blocks.1.attentions.1.transformer_blocks.0.ff.net.2"]
TEXT_CHANGES = {}  # for each file, what each layer of the text encoder gains at scale 1
TEXT = ["encoder.layers.0.self_attn.q_proj", "encoder.layers.1.self_attn.out_proj", "encoder.layers.0.mlp.fc1",
        "encoder.layers.2.mlp.fc2"]


def drawn(*shape, dtype=torch.float16):
    return (torch.randn(shape, generator=GENERATOR) * 0.4).to(dtype)


def fresh():
    return StableDiffusionPipeline(
        **{name: copy.deepcopy(part) if isinstance(part, torch.nn.Module) else part
           for name, part in BASE.components.items()}, requires_safety_checker=False)


def outputs(pipe):
    with torch.no_grad():
        image = pipe.unet(SAMPLE, torch.tensor(500), CONTEXT).sample.permute(0, 2, 3, 1)
        return {"image": image.contiguous(), "text": pipe.text_encoder(TOKENS).last_hidden_state.contiguous()}


def fused(*adapters):
    """Outputs with files fused, each at its scale."""
    pipe = fresh()
    for name, scale in adapters:
        tensors, alphas, metadata = pipe.lora_state_dict(
            str(HERE), weight_name=f"lora-{name}.safetensors", return_lora_metadata=True)
        pipe.load_lora_into_unet(
            tensors, alphas, pipe.unet, adapter_name=name, metadata=metadata, low_cpu_mem_usage=False)
        for layer, change in TEXT_CHANGES[name].items():
            pipe.text_encoder.get_submodule(layer).weight.data += scale * change
    if adapters:
        pipe.unet.set_adapters([name for name, _ in adapters], [scale for _, scale in adapters])
        pipe.unet.fuse_lora()
    return outputs(pipe)


def shapes(module, rank):
    """Of the factors down and up."""
    weight = module.weight
    if weight.ndim == 2:
        return (rank, weight.shape[1]), (weight.shape[0], rank)
    return (rank, *weight.shape[1:]), (weight.shape[0], rank, 1, 1)


def kohya():
    """As sd-scripts and LyCORIS write: names with underscores, convolutions too, alphas, both half precisions.

    The U-Net's alphas are one number, because diffusers 0.42 loses those of attention layers that differ from the rest.
    """
    tensors = {}
    changes = TEXT_CHANGES["kohya"] = {}
    parts = [("lora_unet_", BASE.unet, "", CONVOLUTIONS + LINEARS), ("lora_te_", BASE.text_encoder, "text_model.", TEXT)]
    for prefix, model, root, names in parts:
        for index, name in enumerate(names):
            key = prefix + (root + name).replace(".", "_")
            down, up = shapes(model.get_submodule(name), rank=2 + index % 2)
            dtype = torch.bfloat16 if index == 1 else torch.float16
            tensors |= {f"{key}.lora_down.weight": drawn(*down, dtype=dtype),
                        f"{key}.lora_up.weight": drawn(*up, dtype=dtype)}
            alpha = 2.5 if model is BASE.unet else (1.5, 4.0, None, 2.0)[index]
            if alpha is not None:
                tensors[f"{key}.alpha"] = torch.tensor(alpha)
            if model is BASE.text_encoder:
                product = tensors[f"{key}.lora_up.weight"].float() @ tensors[f"{key}.lora_down.weight"].float()
                changes[name] = product * (1 if alpha is None else alpha / down[0])
    save_file(tensors, HERE / "lora-kohya.safetensors")


def adapted(part, **options):
    """A network with an adapter whose factors are all random."""
    network = copy.deepcopy(part)
    network = inject_adapter_in_model(LoraConfig(**options), network)
    for name, parameter in network.named_parameters():
        if ".lora_A." in name or ".lora_B." in name:
            parameter.data = drawn(*parameter.shape).float()
        if "magnitude" in name:
            parameter.data = (parameter.data * 1.3 + 0.1).half().float()
    return network


def peft():
    """As diffusers writes now, with the alphas in the header."""
    unet = adapted(
        BASE.unet, r=2, lora_alpha=3, target_modules=LINEARS[:3] + CONVOLUTIONS[:1],
                   alpha_pattern={"attn2.to_k": 5})
    text = adapted(BASE.text_encoder, r=2, lora_alpha=4, target_modules=["q_proj"], use_rslora=True)
    TEXT_CHANGES["peft"] = {
        name: layer.get_delta_weight("default") for name, layer in text.named_modules() if name.endswith("q_proj")}
    StableDiffusionPipeline.save_lora_weights(
        HERE, unet_lora_layers=get_peft_model_state_dict(unet), text_encoder_lora_layers=get_peft_model_state_dict(text),
        unet_lora_adapter_metadata=unet.peft_config["default"].to_dict(),
        text_encoder_lora_adapter_metadata=text.peft_config["default"].to_dict(), weight_name="lora-peft.safetensors")


def processors():
    """As diffusers wrote in the days of attention processors."""
    tensors, TEXT_CHANGES["processors"] = {}, {}
    for name in LINEARS[:4]:
        attention, layer = name.removesuffix(".0").rsplit(".", 1)
        down, up = shapes(BASE.unet.get_submodule(name), rank=2)
        key = f"unet.{attention}.processor.{layer}_lora"
        tensors |= {f"{key}.down.weight": drawn(*down), f"{key}.up.weight": drawn(*up)}
    for name in TEXT[:2]:
        down, up = shapes(BASE.text_encoder.get_submodule(name), rank=2)
        key = f"text_encoder.text_model.{name}.lora_linear_layer"
        tensors |= {f"{key}.down.weight": drawn(*down), f"{key}.up.weight": drawn(*up)}
        TEXT_CHANGES["processors"][name] = (
            tensors[f"{key}.up.weight"].float() @ tensors[f"{key}.down.weight"].float())
    save_file(tensors, HERE / "lora-processors.safetensors")


def dora(goldens):
    """Weight-decomposed adapters (DoRA), which diffusers does not read but PEFT computes."""
    unet = adapted(BASE.unet, r=2, lora_alpha=3, target_modules=LINEARS[:2] + CONVOLUTIONS[:2], use_dora=True)
    tensors = {f"unet.{name}": tensor.half().contiguous() for name, tensor in get_peft_model_state_dict(unet).items()}
    tensors |= {name.replace("lora_A.weight", "alpha"): torch.tensor(3.0) for name in tensors if "lora_A" in name}
    save_file(tensors, HERE / "lora-dora.safetensors")
    unet.fuse_lora(lora_scale=0.7)
    pipe = fresh()
    pipe.unet = unet
    goldens["dora.image"] = outputs(pipe)["image"]


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    for make in (kohya, peft, processors):
        make()
    cases = {"base": [], "kohya": [("kohya", 0.8)], "peft": [("peft", 1.0)], "processors": [("processors", -0.6)],
             "both": [("kohya", 0.8), ("peft", -0.5)]}
    goldens = {"sample": SAMPLE.permute(0, 2, 3, 1).contiguous(), "context": CONTEXT, "tokens": TOKENS.float()}
    for name, adapters in cases.items():
        made = fused(*adapters)
        goldens |= {f"{name}.{part}": tensor for part, tensor in made.items()}
        print(name, {part: (tensor - goldens[f"base.{part}"]).abs().max().item() for part, tensor in made.items()})
    dora(goldens)
    save_file(goldens, HERE / "lora-golden.safetensors")
