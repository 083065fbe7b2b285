"""What diffusers' pipelines make of the tiny checkpoints: the goldens of PipelineTests.

    python make_pipeline_goldens.py

Writes pipeline-goldens.safetensors beside itself: for each case CASE.latents (final, as the U-Net sees them) and for some
CASE.image (NCHW, 0 to 1), and the pictures, masks and maps that went in. Needs torch, diffusers, transformers, safetensors.
"""

import pathlib

import torch
from diffusers import (ControlNetModel, DDIMScheduler, DDPMScheduler, DPMSolverMultistepScheduler,
                       EulerAncestralDiscreteScheduler, EulerDiscreteScheduler, HeunDiscreteScheduler, LCMScheduler,
                       PNDMScheduler, StableDiffusionControlNetPipeline, StableDiffusionImg2ImgPipeline,
                       StableDiffusionInpaintPipeline, StableDiffusionPipeline, StableDiffusionUpscalePipeline,
                       UniPCMultistepScheduler)
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
CHECKPOINTS = HERE / "checkpoints"
PROMPT, NEGATIVE = "a photo of the red cat in space", "blue boot"
found = {}


def pipeline(kind, name, variant=None, **settings):
    made = kind.from_pretrained(CHECKPOINTS / name, variant=variant, torch_dtype=torch.float32, **settings)
    made.set_progress_bar_config(disable=True)
    return made


def draw(case, pipe, with_image=True, seed=7, **settings):
    """Runs a pipeline twice, for its latents and for its image; both come from the same seed."""
    options = dict(prompt=PROMPT, negative_prompt=NEGATIVE, num_inference_steps=6) | settings

    def run(kind):
        return pipe(generator=torch.Generator().manual_seed(seed), output_type=kind, **options).images

    found[f"{case}.latents"] = run("latent")
    if with_image:
        found[f"{case}.image"] = run("pt")


def pictures():
    generator = torch.Generator().manual_seed(3)
    picture = torch.randint(0, 256, (1, 3, 24, 32), generator=generator).float() / 255
    mask = torch.zeros(1, 1, 24, 32)
    mask[:, :, 5:19, 9:26] = 1
    edges = torch.rand((1, 3, 24, 32), generator=generator)
    found.update(picture=picture, mask=mask, edges=edges)
    return picture, mask, edges


SCHEDULERS = {
    "ddim": DDIMScheduler, "ddpm": DDPMScheduler, "pndm": PNDMScheduler, "euler": EulerDiscreteScheduler,
    "euler-a": EulerAncestralDiscreteScheduler, "heun": HeunDiscreteScheduler, "dpm++2m": DPMSolverMultistepScheduler,
    "dpm++2m-sde": DPMSolverMultistepScheduler, "unipc": UniPCMultistepScheduler, "lcm": LCMScheduler,
}


def scheduler(pipe, name, **settings):
    if name == "dpm++2m-sde":
        settings["algorithm_type"] = "sde-dpmsolver++"
    pipe.scheduler = SCHEDULERS[name].from_config(pipe.scheduler.config, **settings)
    return pipe


def main():
    picture, mask, edges = pictures()
    size = dict(height=24, width=32)

    draw("sd1", pipeline(StableDiffusionPipeline, "sd1"), **size)
    draw("sd2", pipeline(StableDiffusionPipeline, "sd2"), height=32, width=24, guidance_rescale=0.7)
    draw("sd1-unguided", pipeline(StableDiffusionPipeline, "sd1"), guidance_scale=1.0, with_image=False)
    pipe = pipeline(StableDiffusionPipeline, "sd1")
    # transformers 5 dropped the layer that diffusers looks for here.
    object.__setattr__(pipe.text_encoder, "text_model", pipe.text_encoder)
    draw("sd1-clip-skip", pipe, clip_skip=1, with_image=False, **size)
    for name in SCHEDULERS:
        for checkpoint in ("sd1", "sd2"):
            pipe = scheduler(pipeline(StableDiffusionPipeline, checkpoint), name)
            draw(f"{checkpoint}-{name}", pipe, num_inference_steps=20, with_image=False, height=16, width=16)
    pipe = scheduler(pipeline(StableDiffusionPipeline, "sd1"), "dpm++2m", use_karras_sigmas=True)
    draw("sd1-karras", pipe, num_inference_steps=20, with_image=False, height=16, width=16)
    pipe = scheduler(pipeline(StableDiffusionPipeline, "sd2"), "euler", timestep_spacing="trailing")
    draw("sd2-trailing", pipe, num_inference_steps=20, with_image=False, height=16, width=16)

    for name in ("ddim", "euler-a", "heun", "dpm++2m", "pndm"):
        pipe = scheduler(pipeline(StableDiffusionImg2ImgPipeline, "sd1"), name)
        draw(f"picture-{name}", pipe, with_image=name == "ddim", image=picture, strength=0.7, num_inference_steps=10)
    for name in ("ddim", "euler"):
        pipe = scheduler(pipeline(StableDiffusionInpaintPipeline, "sd1"), name)
        draw(f"mask4-{name}", pipe, image=picture, mask_image=mask, strength=0.8, **size)
    pipe = scheduler(pipeline(StableDiffusionInpaintPipeline, "sd1"), "euler-a")
    draw("mask4-whole", pipe, image=picture, mask_image=mask, strength=1.0, with_image=False, **size)
    for strength in (1.0, 0.6):
        pipe = pipeline(StableDiffusionInpaintPipeline, "inpaint", "fp16")
        draw(f"mask9-{strength}", pipe, image=picture, mask_image=mask, strength=strength, **size)

    pipe = pipeline(StableDiffusionUpscalePipeline, "upscale", "fp16")
    draw("upscale", pipe, image=picture[:, :, :12, :16], noise_level=25, guidance_scale=9.0)

    control = ControlNetModel.from_pretrained(CHECKPOINTS / "controlnet", variant="fp16", torch_dtype=torch.float32)
    pipe = pipeline(StableDiffusionControlNetPipeline, "sd1", controlnet=control)
    draw("control", pipe, image=edges, controlnet_conditioning_scale=0.8, **size)
    pipe = pipeline(StableDiffusionControlNetPipeline, "sd1", controlnet=[control, control])
    draw("controls", pipe, image=[edges, picture], controlnet_conditioning_scale=[0.8, 0.3], with_image=False, **size)

    save_file({name: tensor.contiguous() for name, tensor in found.items()}, HERE / "pipeline-goldens.safetensors")
    print(f"{len(found)} tensors, {sum(t.numel() * 4 for t in found.values()) // 1000} kB")


if __name__ == "__main__":
    main()
