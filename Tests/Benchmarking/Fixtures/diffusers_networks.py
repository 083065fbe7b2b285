"""Random networks of diffusers, their training steps, and comparisons of them with `lineup bench step`.

    python diffusers_networks.py goldens           writes the golden files of the tests beside itself
    python diffusers_networks.py compare LINEUP    compares random configurations with the command LINEUP
                                 [--count 24] [--seed 1] [--steps 20] [--threads 2] [--widen 1]

Needs torch, diffusers, safetensors and numpy.
"""

import argparse
import copy
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy
import torch
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel, UNet2DModel
from safetensors.torch import load_file, save_file

HERE = pathlib.Path(__file__).parent
CLASSES = {c.__name__: c for c in (UNet2DModel, UNet2DConditionModel, AutoencoderKL)}


def network(configuration, seed):
    """A network with every parameter random, also those that begin at zero or one."""
    torch.manual_seed(seed)
    made = CLASSES[configuration["_class_name"]].from_config(configuration)
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in made.named_parameters():
        if name == "time_proj.weight":  # the frequencies of Fourier features keep their scale
            continue
        noise = torch.randn(parameter.shape, generator=generator)
        value = noise * (parameter[0].numel() ** -0.5 if parameter.ndim > 1 else 0.1)
        if "norm" in name and name.endswith("weight"):
            value = value + 1
        # Exact in half precision, so that files can be small.
        parameter.data = value.half().float()
    return made.train()


def inputs(configuration, batch, size, seed):
    """Images, and for U-Nets timesteps and, where there is a text, its features."""
    generator = torch.Generator().manual_seed(seed + 1)
    tensors = {"sample": torch.randn((batch, configuration["in_channels"], *size), generator=generator)}
    if configuration["_class_name"] != "AutoencoderKL":
        largest = configuration.get("num_train_timesteps") or 1000
        tensors["timestep"] = torch.randint(1, largest, (batch,), generator=generator)
    if configuration["_class_name"] == "UNet2DConditionModel":
        width = configuration["cross_attention_dim"]
        width = width[0] if isinstance(width, list) else width
        tensors["encoder_hidden_states"] = torch.randn((batch, 7, width), generator=generator)
    return tensors


def forward(made, given):
    if isinstance(made, AutoencoderKL):
        return made.decode(made.encode(given["sample"]).latent_dist.mode()).sample
    if isinstance(made, UNet2DConditionModel):
        return made(given["sample"], given["timestep"], given["encoder_hidden_states"]).sample
    return made(given["sample"], given["timestep"]).sample


def trained(made, given, steps):
    """Output and gradients of the first step, and the loss of each."""
    optimizer = torch.optim.Adam([p for p in made.parameters() if p.requires_grad], lr=1e-4)
    found, losses = {}, []
    for step in range(steps):
        optimizer.zero_grad()
        output = forward(made, given)
        loss = torch.nn.functional.mse_loss(output, given["sample"])
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            found["output"] = output.detach().clone()
            for name, parameter in made.named_parameters():
                if parameter.grad is not None:
                    found["grad." + name] = parameter.grad.clone()
        optimizer.step()
    found["loss"] = torch.tensor(losses)
    return found


def exactly_trained(made, given, steps):
    """The same in double precision, apart from the angles of Fourier features, whose rounding is part of them."""
    made = copy.deepcopy(made).double()
    if hasattr(made, "time_proj"):
        made.time_proj.float()
    wide = {name: tensor.double() if tensor.is_floating_point() else tensor for name, tensor in given.items()}
    return {name: tensor.float() for name, tensor in trained(made, wide, steps).items()}


def sampled(made, given):
    """DDIM of 20 calls begun from the images; of an autoencoder the images decoded as latents."""
    if isinstance(made, AutoencoderKL):
        return made.decode(given["sample"]).sample
    scheduler = DDIMScheduler(clip_sample=False)
    scheduler.set_timesteps(20)
    sample = given["sample"]
    for timestep in scheduler.timesteps:
        asked = timestep.clamp(min=1) if made.config.time_embedding_type == "fourier" else timestep
        # UNet2DConditionModel's Fourier features take floating-point timesteps only.
        asked = asked.float().repeat(len(sample)) if made.config.time_embedding_type == "fourier" else asked
        output = forward(made, given | {"sample": sample, "timestep": asked})
        sample = scheduler.step(output, timestep, sample).prev_sample
    return sample


def unet_common(draw):
    """Settings that both classes of U-Nets have."""
    groups = draw.choice([2, 4])
    levels = draw.choice([1, 2, 3])
    return {
        "block_out_channels": [groups * draw.choice([2, 3, 4, 6]) for _ in range(levels)],
        "norm_num_groups": groups,
        "norm_eps": draw.choice([1e-5, 1e-6, 1e-3]),
        "act_fn": draw.choice(["silu", "swish", "gelu", "relu", "mish"]),
        "flip_sin_to_cos": draw.random() < 0.5,
        "freq_shift": draw.choice([0, 1]),
        "center_input_sample": draw.random() < 0.3,
        "downsample_padding": draw.choice([0, 1, 1]),
        "resnet_time_scale_shift": draw.choice(["default", "default", "scale_shift"]),
        "mid_block_scale_factor": draw.choice([1, 1, 1.4142]),
    }


def unet2d(draw):
    made = {"_class_name": "UNet2DModel", "in_channels": 3, "out_channels": 3, **unet_common(draw)}
    levels = len(made["block_out_channels"])
    made |= {
        "layers_per_block": draw.choice([1, 2]),
        "down_block_types": [draw.choice(["DownBlock2D", "AttnDownBlock2D"]) for _ in range(levels)],
        "up_block_types": [draw.choice(["UpBlock2D", "AttnUpBlock2D"]) for _ in range(levels)],
        "attention_head_dim": draw.choice([None, 2, 3, 4]),
        "attn_norm_num_groups": draw.choice([None, None, made["norm_num_groups"]]),
        "downsample_type": draw.choice(["conv", "resnet"]),
        "upsample_type": draw.choice(["conv", "resnet"]),
        "time_embedding_type": draw.choice(["positional", "positional", "fourier", "learned"]),
        "add_attention": draw.random() < 0.8,
        "mid_block_type": draw.choice(["UNetMidBlock2D"] * 4 + [None]),
        "num_train_timesteps": 1000,
    }
    factor = 2 ** (levels - 1)
    return made, (factor * draw.choice([2, 3, 4]), factor * draw.choice([2, 3]))


def unet2d_condition(draw):
    made = {"_class_name": "UNet2DConditionModel", "in_channels": 4, "out_channels": 4, **unet_common(draw)}
    levels = len(made["block_out_channels"])
    layers = draw.choice([1, 2, [draw.choice([1, 2]) for _ in range(levels)]])
    per_level = layers if isinstance(layers, list) else [layers] * levels
    transformers = draw.choice([1, 1, 2, [draw.choice([1, 2]) for _ in range(levels)], "nested"])
    if transformers == "nested":
        transformers = [[draw.choice([1, 2]) for _ in range(n)] for n in per_level]
        made["reverse_transformer_layers_per_block"] = [
            [draw.choice([1, 2]) for _ in range(n + 1)] for n in reversed(per_level)]
    width = draw.choice([5, 8])
    made |= {
        "layers_per_block": layers,
        "transformer_layers_per_block": transformers,
        "down_block_types": [
            draw.choice(["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "AttnDownBlock2D"])
            for _ in range(levels)],
        "up_block_types": [
            draw.choice(["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"]) for _ in range(levels)],
        "mid_block_type": draw.choice(["UNetMidBlock2DCrossAttn"] * 4 + ["UNetMidBlock2D", None]),
        "attention_head_dim": draw.choice([2, 3, [draw.choice([1, 2, 4]) for _ in range(levels)]]),
        "cross_attention_dim": draw.choice([width, [width] * levels]),
        "only_cross_attention": draw.choice([False, False, True, [draw.random() < 0.5 for _ in range(levels)]]),
        "use_linear_projection": draw.random() < 0.5,
        "upcast_attention": draw.random() < 0.3,
        "time_embedding_type": draw.choice(["positional", "positional", "positional", "fourier"]),
        "time_embedding_dim": draw.choice([None, None, 20]),
        "time_embedding_act_fn": draw.choice([None, None, "gelu"]),
        "timestep_post_act": draw.choice([None, None, "silu"]),
        "conv_in_kernel": draw.choice([3, 3, 1, 5]),
        "conv_out_kernel": draw.choice([3, 3, 1]),
    }
    return made, (draw.choice([4, 5, 7, 8, 9]), draw.choice([4, 6, 7, 11]))


def autoencoder(draw):
    groups, levels = draw.choice([2, 4]), draw.choice([1, 2, 3])
    made = {
        "_class_name": "AutoencoderKL", "in_channels": 3, "out_channels": 3,
        "block_out_channels": [groups * draw.choice([2, 3, 4]) for _ in range(levels)],
        "norm_num_groups": groups, "layers_per_block": draw.choice([1, 2]), "latent_channels": draw.choice([1, 3, 4]),
        "act_fn": draw.choice(["silu", "gelu", "relu", "mish"]),
        "down_block_types": ["DownEncoderBlock2D"] * levels, "up_block_types": ["UpDecoderBlock2D"] * levels,
        "mid_block_add_attention": draw.random() < 0.7, "use_quant_conv": draw.random() < 0.7,
        "use_post_quant_conv": draw.random() < 0.7,
    }
    if draw.random() < 0.2:
        made["down_block_types"][-1] = "AttnDownEncoderBlock2D"
        made["up_block_types"][0] = "AttnUpDecoderBlock2D"
    factor = 2 ** (levels - 1)
    return made, (factor * draw.choice([3, 4, 5]), factor * draw.choice([3, 4]))


def differences(ours, theirs):
    """The largest relative differences of output, losses and gradients, and what is missing on either side."""
    def apart(name, scale):
        a, b = ours[name].double(), theirs[name].double()
        return float("inf") if a.shape != b.shape else ((a - b).abs().max() / scale).item()

    missing = sorted(set(ours) ^ set(theirs))
    gradients = [name for name in theirs if name.startswith("grad.") and name in ours]
    largest = max(theirs[name].abs().max().item() for name in gradients)
    # A gradient that is zero but for rounding has no relative error of its own.
    worst = max((apart(n, max(theirs[n].abs().max().item(), 1e-3 * largest)), n) for n in gradients)
    loss = ((ours["loss"].double() - theirs["loss"].double()).abs() / theirs["loss"].double()).max().item()
    return apart("output", theirs["output"].abs().max().item()), loss, worst, missing


def run(arguments, folder, work, given, *options):
    """What the command dumps, or its complaint."""
    save_file(given, folder / "inputs.safetensors")
    done = subprocess.run(
        [arguments.lineup, "bench", work, "--config", folder / "config.json", "--batch", str(len(given["sample"])),
         "--threads", str(arguments.threads), "--json", "--weights", folder / "weights.safetensors",
         "--inputs", folder / "inputs.safetensors", "--dump", folder / "dump.safetensors", *options],
        capture_output=True, text=True)
    return load_file(folder / "dump.safetensors") if done.returncode == 0 else done.stderr.strip()


def compare(arguments):
    draw = random.Random(arguments.seed)
    torch.set_num_threads(1)
    failures = 0
    for index in range(arguments.count):
        configuration, size = (unet2d, unet2d_condition, autoencoder)[index % 3](draw)
        configuration["block_out_channels"] = [arguments.widen * c for c in configuration["block_out_channels"]]
        configuration["sample_size"] = draw.choice([None, size[0], list(size)])
        if configuration["_class_name"] == "AutoencoderKL" and configuration["sample_size"] is None:
            configuration["sample_size"] = 32
        batch = draw.choice([1, 2, 3])
        try:
            made = network(configuration, index)
            given = inputs(configuration, batch, size, index)
            with torch.no_grad():
                forward(made, given)
        except Exception as problem:  # what diffusers cannot do is no case
            print(f"{index:3} skipped, diffusers says: {str(problem)[:100]}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "config.json").write_text(json.dumps(configuration))
            save_file({n: t.contiguous() for n, t in made.state_dict().items()}, folder / "weights.safetensors")
            exact = exactly_trained(made, given, 1)
            begin = dict(given)
            if isinstance(made, AutoencoderKL):
                begin["sample"] = torch.randn((batch, configuration["latent_channels"], 3, 4))
            with torch.no_grad():
                samples = sampled(made, begin)
            theirs = trained(made, given, arguments.steps)
            drawn = run(arguments, folder, "sample", begin, "--steps", "1")
            ours = run(arguments, folder, "step", given, "--steps", str(arguments.steps))
        if isinstance(ours, str) or isinstance(drawn, str):
            print(f"{index:3} FAILED: {ours if isinstance(ours, str) else drawn}\n    {json.dumps(configuration)}")
            failures += 1
            continue
        sampling = ((drawn["output"] - samples).abs().max() / samples.abs().max()).item()
        output, loss, (gradient, name), missing = differences(ours, theirs)
        rounding = differences(theirs | {"loss": exact["loss"]}, exact)[2][0]
        fits = not missing and max(output, loss) < 1e-4 and gradient < max(1e-4, 3 * rounding) and sampling < 2e-3
        failures += not fits
        print(f"{index:3} {configuration['_class_name']:22} {'ok' if fits else 'DIFFERS'} output {output:.1e} "
              f"loss {loss:.1e} gradient {gradient:.1e} ({name}; {rounding:.1e} between PyTorch's precisions) "
              f"samples {sampling:.1e}", *(["missing", *missing] if missing else []))
        if not fits:
            print("    " + json.dumps(configuration) + f" size {size} batch {batch}")
    print(f"{failures} of {arguments.count} differ")
    sys.exit(failures > 0)


GOLDENS = {
    "unet2d": (
        {"_class_name": "UNet2DModel", "_diffusers_version": "0", "sample_size": 8, "in_channels": 2, "out_channels": 2,
         "block_out_channels": [4, 6], "layers_per_block": 1, "norm_num_groups": 2, "attention_head_dim": 4,
         "down_block_types": ["AttnDownBlock2D", "DownBlock2D"], "up_block_types": ["AttnUpBlock2D", "AttnUpBlock2D"],
         "downsample_type": "resnet", "upsample_type": "resnet", "resnet_time_scale_shift": "scale_shift",
         "time_embedding_type": "fourier", "mid_block_scale_factor": 1.5, "act_fn": "gelu", "attn_norm_num_groups": 3},
        (8, 6)),
    "unet2d-condition": (
        {"_class_name": "UNet2DConditionModel", "sample_size": [7, 5], "in_channels": 2, "out_channels": 2,
         "block_out_channels": [4, 6], "layers_per_block": [1, 2], "norm_num_groups": 2, "attention_head_dim": [3, 4],
         "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
         "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"], "transformer_layers_per_block": [1, 1],
         "only_cross_attention": [False, True], "cross_attention_dim": 5, "use_linear_projection": True,
         "downsample_padding": 0, "flip_sin_to_cos": False, "freq_shift": 1, "center_input_sample": True,
         "act_fn": "mish", "upcast_attention": True},
        (7, 5)),
    "autoencoder-kl": (
        {"_class_name": "AutoencoderKL", "sample_size": 12, "in_channels": 2, "out_channels": 2,
         "block_out_channels": [4, 6], "layers_per_block": 1, "norm_num_groups": 2, "latent_channels": 3,
         "down_block_types": ["DownEncoderBlock2D", "AttnDownEncoderBlock2D"],
         "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D"], "use_post_quant_conv": False, "act_fn": "relu",
         "scaling_factor": 0.2},
        (12, 8)),
}


def goldens():
    torch.set_num_threads(1)
    for seed, (name, (configuration, size)) in enumerate(GOLDENS.items()):
        made = network(configuration, seed)
        given = inputs(configuration, 2, size, seed)
        (HERE / f"{name}.json").write_text(json.dumps(configuration, indent=2) + "\n")
        save_file(
            {n: t.half() if n != "time_proj.weight" else t for n, t in made.state_dict().items()},
            HERE / f"{name}-weights.safetensors")
        save_file(given, HERE / f"{name}-inputs.safetensors")
        dump = {n: t.contiguous() for n, t in exactly_trained(made, given, 3).items()}
        save_file(dump, HERE / f"{name}-dump.safetensors")


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("goldens")
    comparing = commands.add_parser("compare")
    comparing.add_argument("lineup")
    for name, value in (("count", 24), ("seed", 1), ("steps", 20), ("threads", 2), ("widen", 1)):
        comparing.add_argument(f"--{name}", type=int, default=value)
    arguments = parser.parse_args()
    compare(arguments) if arguments.command == "compare" else goldens()


if __name__ == "__main__":
    main()
