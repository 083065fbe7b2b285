"""Makes what diffusers computes with ControlNets and with U-Nets that have classes.

    python make_network_goldens.py

Writes network-*.json and network-*.safetensors beside itself: the small networks that the checkpoints of the tests of
pictures lack, and the goldens. Images and features have their channels last. Needs torch, diffusers and safetensors.
"""

import json
import pathlib
import sys

import torch
from diffusers import ControlNetModel, UNet2DConditionModel
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
CHECKPOINTS = HERE.parents[1] / "Imagine" / "Fixtures" / "checkpoints"
sys.path.append(str(CHECKPOINTS.parent))

from tiny_checkpoints import randomize  # noqa: E402

GENERATOR = torch.Generator().manual_seed(5)


def drawn(*shape):
    """Exact in half precision, so that files can be small."""
    return torch.randn(shape, generator=GENERATOR).half().float()


def channels_last(images):
    return images.permute(0, 2, 3, 1).contiguous() if images.ndim == 4 else images


def write_network(name, made):
    settings = {key: value for key, value in made.config.items() if not key.startswith("_")}
    text = json.dumps({"_class_name": type(made).__name__} | settings, indent=1)
    (HERE / f"network-{name}.json").write_text(text + "\n")
    save_file({n: t.half().contiguous() for n, t in made.state_dict().items()}, HERE / f"network-{name}.safetensors")


def controlled(goldens):
    """The ControlNet of the checkpoints beside the U-Net of Stable Diffusion 1 on latents of odd size."""
    unet = UNet2DConditionModel.from_pretrained(CHECKPOINTS / "sd1", subfolder="unet").eval()
    control = ControlNetModel.from_pretrained(CHECKPOINTS / "controlnet", variant="fp16", torch_dtype=torch.float32).eval()
    sample, context, times = drawn(2, 4, 7, 5), drawn(2, 6, 16), torch.tensor([981, 40])
    images = [torch.rand(2, 3, 14, 10, generator=GENERATOR).half().float() for _ in range(2)]
    goldens |= {"control.sample": sample, "control.context": context, "control.times": times.float(),
                "control.image.0": images[0], "control.image.1": images[1]}

    def residuals(image, scale, **options):
        return control(sample, times, context, image, conditioning_scale=scale, return_dict=False, **options)

    def steered(skips, middle):
        return unet(sample, times, context, down_block_additional_residuals=skips,
                    mid_block_additional_residual=middle).sample

    skips, middle = residuals(images[0], 1.0)
    goldens |= {f"control.skip.{n}": skip for n, skip in enumerate(skips)} | {"control.middle": middle}
    one, other = residuals(images[0], 0.7), residuals(images[1], 0.4)
    goldens["control.output.0.7"] = steered(*one)
    goldens["control.output.two"] = steered([a + b for a, b in zip(one[0], other[0])], one[1] + other[1])
    skips, middle = residuals(images[0], 0.7, guess_mode=True)
    goldens |= {f"control.guess.{n}": skip for n, skip in enumerate(skips)} | {"control.guess.middle": middle}
    goldens["control.output.guess"] = steered(skips, middle)
    control.register_to_config(controlnet_conditioning_channel_order="bgr")
    goldens["control.bgr.middle"] = residuals(images[0], 1.0)[1]


def upscaler(goldens):
    """The upscaler's U-Net of the checkpoints, with noise levels as classes."""
    unet = UNet2DConditionModel.from_pretrained(
        CHECKPOINTS / "upscale", subfolder="unet", variant="fp16", torch_dtype=torch.float32).eval()
    sample, context, times = drawn(2, 7, 7, 5), drawn(2, 6, 16), torch.tensor([700, 3])
    goldens |= {"upscale.sample": sample, "upscale.context": context, "upscale.times": times.float()}
    goldens["upscale.output"] = unet(sample, times, context, class_labels=torch.tensor([20, 349])).sample


def classes(goldens):
    """A U-Net that reads only the text, also where its middle is said to, with classes between the activations of its time
    embedding, and a ControlNet of its shape over an image eight times as large as the latents."""
    settings = dict(
        sample_size=8, in_channels=3, out_channels=3, block_out_channels=[4, 8], layers_per_block=2, norm_num_groups=2,
        down_block_types=["CrossAttnDownBlock2D", "CrossAttnDownBlock2D"], cross_attention_dim=6,
        up_block_types=["CrossAttnUpBlock2D", "UpBlock2D"], attention_head_dim=[1, 2], only_cross_attention=True,
        use_linear_projection=True, num_class_embeds=6, mid_block_only_cross_attention=True)
    unet = randomize(
        UNet2DConditionModel(**settings, timestep_post_act="gelu", time_embedding_act_fn="silu"), 71)
    write_network("classes-unet", unet)
    control = randomize(
        ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=[2, 3, 4, 4], load_weights_from_unet=False),
        72)
    write_network("classes-controlnet", control)
    sample, context, times, labels = drawn(2, 3, 5, 3), drawn(2, 4, 6), torch.tensor([5, 400]), torch.tensor([0, 5])
    image = torch.rand(2, 3, 40, 24, generator=GENERATOR).half().float()
    goldens |= {"classes.sample": sample, "classes.context": context, "classes.times": times.float(),
                "classes.image": image}
    goldens["classes.output"] = unet(sample, times, context, class_labels=labels).sample
    skips, middle = control(sample, times, context, image, class_labels=labels, return_dict=False)
    goldens["classes.controlled"] = unet(
        sample, times, context, class_labels=labels, down_block_additional_residuals=skips,
        mid_block_additional_residual=middle).sample


if __name__ == "__main__":
    goldens = {}
    with torch.no_grad():
        for part in (controlled, upscaler, classes):
            part(goldens)
    # Inputs are exact in half precision; what diffusers computes is not.
    inputs = ("sample", "context", "image", "image.0", "image.1")
    save_file({n: channels_last(t).half() if n.split(".", 1)[1] in inputs else channels_last(t).contiguous()
               for n, t in goldens.items()}, HERE / "network-golden.safetensors")
