"""Runs diffusers' schedulers over a grid of settings, which the tests hold Lineup's samplers against.

    python make_scheduler_goldens.py OUT.json              the committed trajectories
    python make_scheduler_goldens.py OUT.json COUNT SEED   as many random trajectories instead, for a larger comparison

The network is tanh(0.7 x + t/1000) in single precision. Samples are of shape (2, 4, 2, 2), drawn from a generator of seed
7, which also draws what a scheduler adds. A trajectory that begins at a later step sets out from noised clean samples.
A case holds the file, what is chosen over it, the timesteps, the sample after half of the calls, the last one, and one
number more of the generator, which tells how many were drawn.
Needs torch, diffusers and SciPy.
"""

import inspect
import json
import math
import pathlib
import random
import sys
import tempfile

import diffusers
import numpy
import torch

SHAPE = (2, 4, 2, 2)
SD1 = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "num_train_timesteps": 1000,
       "steps_offset": 1, "trained_betas": None}
CLASSES = {"ddim": "DDIMScheduler", "ddpm": "DDPMScheduler", "pndm": "PNDMScheduler", "euler": "EulerDiscreteScheduler",
           "euler-a": "EulerAncestralDiscreteScheduler", "heun": "HeunDiscreteScheduler",
           "dpm++2m": "DPMSolverMultistepScheduler", "dpm++2m-sde": "DPMSolverMultistepScheduler",
           "unipc": "UniPCMultistepScheduler", "lcm": "LCMScheduler"}
KARRAS = ["euler", "heun", "dpm++2m", "dpm++2m-sde", "unipc"]


def scheduler(case):
    """The case's scheduler: loaded from its file, then replaced by another class as users do."""
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "scheduler_config.json").write_text(json.dumps(case["file"]))
        made = getattr(diffusers, case["file"]["_class_name"]).from_pretrained(folder)
    changes = {}
    if case.get("karras") is not None:
        changes["use_karras_sigmas"] = case["karras"]
    if case.get("spacing"):
        changes["timestep_spacing"] = case["spacing"]
    name = case.get("name")
    if name in ("dpm++2m", "dpm++2m-sde"):
        changes["algorithm_type"] = "sde-dpmsolver++" if name == "dpm++2m-sde" else "dpmsolver++"
    if name is None and not changes:
        return made
    target = getattr(diffusers, CLASSES[name]) if name else type(made)
    return target.from_config(made.config, **changes)


def run(case):
    made = scheduler(case)
    made.set_timesteps(case["steps"])
    begin = case.get("begin", 0) * made.order
    generator = torch.Generator().manual_seed(7)
    sample = torch.randn(SHAPE, generator=generator)
    timesteps = made.timesteps[begin:]
    # Without this, schedulers look for the first timestep, and fail where Karras levels round two to the same.
    if hasattr(made, "set_begin_index"):
        made.set_begin_index(begin)
    if begin:
        clean = torch.linspace(-1, 1, math.prod(SHAPE)).reshape(SHAPE)
        sample = made.add_noise(clean, sample, timesteps[:1])
    else:
        sample = sample * made.init_noise_sigma
    accepted = inspect.signature(made.step).parameters
    extra = {"generator": generator} if "generator" in accepted else {}
    if "eta" in accepted:
        extra["eta"] = case.get("eta", 0.0)
    middle = sample
    for index, timestep in enumerate(timesteps):
        output = torch.tanh(0.7 * made.scale_model_input(sample, timestep) + timestep.float() / 1000)
        sample = made.step(output, timestep, sample, **extra).prev_sample
        if index + 1 == len(timesteps) // 2:
            middle = sample
    case["timesteps"] = [rounded(t) for t in made.timesteps]
    case["middle"] = [rounded(v) for v in middle.flatten()]
    case["final"] = [rounded(v) for v in sample.flatten()]
    case["next"] = rounded(torch.randn(16, generator=generator)[0])
    return case


def rounded(number):
    return float(f"{float(number):.7g}")


def case(own, name=None, steps=8, karras=None, spacing=None, begin=0, eta=0.0, **settings):
    """A case whose file is of the class `own`, with the settings of Stable Diffusion 1 unless given."""
    made = {"file": {"_class_name": CLASSES[own], "_diffusers_version": "0.42.1", **SD1, **settings}, "steps": steps}
    for key, value in [("name", name), ("karras", karras), ("spacing", spacing)]:
        if value is not None:
            made[key] = value
    if begin:
        made["begin"] = begin
    if eta:
        made["eta"] = eta
    return made


def grid():
    cases = []
    add = lambda *arguments, **settings: cases.append(case(*arguments, **settings))
    # Every class from Stable Diffusion's own file: spacings, predictions, late beginnings.
    for name in CLASSES:
        file = dict(skip_prk_steps=True, set_alpha_to_one=False, clip_sample=False)
        for spacing in ["leading", "linspace", "trailing"]:
            add("pndm", name, spacing=spacing, **file)
        add("pndm", name, steps=11, begin=4, **file)
        add("pndm", name, prediction_type="v_prediction", steps=17, **file)
        if name not in ("pndm", "euler-a"):
            add("ddim", name, prediction_type="sample", steps=5, clip_sample=False)
        if name not in ("pndm", "heun"):
            add("ddim", name, prediction_type="v_prediction", rescale_betas_zero_snr=True, spacing="trailing",
                clip_sample=False)
    for name in KARRAS:
        add("euler", name, karras=True)
        add("euler", name, karras=True, steps=20, spacing="trailing", prediction_type="v_prediction", begin=3)
        add("euler", name, karras=True, steps=6, beta_schedule="squaredcos_cap_v2", sigma_min=0.1, sigma_max=9.0)
    # The classes' own defaults.
    for name in CLASSES:
        if name != "dpm++2m-sde":
            cases.append({"file": {"_class_name": CLASSES[name]}, "steps": 6})
    # Options of single classes.
    for eta in [0.3, 1.0]:
        add("ddim", eta=eta, clip_sample=False)
    add("ddim", clip_sample=True, clip_sample_range=0.6, set_alpha_to_one=True)
    add("ddim", thresholding=True, dynamic_thresholding_ratio=0.8, sample_max_value=1.7)
    add("ddim", trained_betas=[0.01 + 0.02 * i / 49 for i in range(50)], num_train_timesteps=50, steps=7)
    add("ddim", spacing="trailing", steps=48, clip_sample=False)
    for variance in ["fixed_small", "fixed_small_log", "fixed_large", None]:
        add("ddpm", variance_type=variance, steps_offset=0 if variance else 1)
    add("ddpm", beta_schedule="sigmoid", beta_start=0.0001, beta_end=0.02, thresholding=True)
    for prediction in ["epsilon", "v_prediction"]:
        add("pndm", skip_prk_steps=False, steps=9, prediction_type=prediction)
    for steps in [1, 2, 4]:
        add("pndm", skip_prk_steps=steps != 4, steps=steps)
    add("pndm", skip_prk_steps=False, steps=9, begin=2, set_alpha_to_one=True)
    add("euler", final_sigmas_type="sigma_min")
    add("heun", clip_sample=True, clip_sample_range=0.8)
    add("heun", steps=9, begin=5, karras=True)
    for form in ["midpoint", "heun"]:
        for algorithm in ["dpmsolver++", "sde-dpmsolver++"]:
            for order in [1, 2, 3]:
                add("dpm++2m", solver_type=form, algorithm_type=algorithm, solver_order=order)
    add("dpm++2m", steps=16, solver_order=3, final_sigmas_type="sigma_min", lower_order_final=False)
    add("dpm++2m", steps=16, euler_at_final=True, final_sigmas_type="sigma_min")
    add("dpm++2m", steps=10, final_sigmas_type="sigma_min", begin=3)
    add("dpm++2m", thresholding=True, sample_max_value=2.0, dynamic_thresholding_ratio=0.9)
    add("dpm++2m", use_lu_lambdas=True)
    add("dpm++2m", "unipc", algorithm_type="sde-dpmsolver++", solver_type="heun")
    for form in ["bh1", "bh2"]:
        for order in [1, 2, 3]:
            add("unipc", solver_type=form, solver_order=order, final_sigmas_type="sigma_min", steps=9)
    add("unipc", solver_order=3, disable_corrector=[0, 2])
    add("unipc", predict_x0=False, final_sigmas_type="sigma_min")
    add("unipc", predict_x0=False, final_sigmas_type="sigma_min", prediction_type="v_prediction", solver_order=3)
    add("unipc", karras=True, final_sigmas_type="sigma_min", lower_order_final=False)
    add("unipc", "dpm++2m", solver_type="bh2", begin=2)
    add("lcm", steps=4, original_inference_steps=40, timestep_scaling=8.0)
    add("lcm", steps=3, clip_sample=True, begin=1)
    # Keys that the file lacks take the defaults of the new class.
    for name in ["ddim", "ddpm", "euler", "dpm++2m", "lcm"]:
        bare = case("pndm", name, steps=5)
        del bare["file"]["steps_offset"], bare["file"]["beta_end"]
        cases.append(bare)
    return cases


def randomised(count, seed):
    """Trajectories with settings drawn at random, for a comparison by hand."""
    choose = random.Random(seed)
    made = []
    while len(made) < count:
        name = choose.choice(list(CLASSES))
        prediction = choose.choice(["epsilon", "v_prediction", "sample"])
        zero = choose.random() < 0.2
        if prediction == "sample" and name in ("pndm", "euler-a") or zero and prediction == "epsilon":
            continue
        steps = choose.randint(4, 50)
        settings = dict(
            prediction_type=prediction, rescale_betas_zero_snr=zero, skip_prk_steps=choose.random() < 0.7,
            clip_sample=choose.random() < 0.2, set_alpha_to_one=choose.random() < 0.5,
            thresholding=choose.random() < 0.1, sample_max_value=1.5,
            beta_schedule=choose.choice(["linear", "scaled_linear", "squaredcos_cap_v2"]), steps_offset=choose.choice([0, 1]),
            solver_order=choose.choice([1, 2, 3]), final_sigmas_type=choose.choice(["zero", "sigma_min"]))
        made.append(case(
            choose.choice(["pndm", "ddim", "euler", "dpm++2m"]), name, steps=steps,
            karras=choose.random() < 0.5 if name in KARRAS else None,
            spacing=choose.choice([None, "leading", "linspace", "trailing"]),
            begin=choose.choice([0, 0, choose.randrange(steps)]), **settings))
    return made


def main():
    if len(sys.argv) == 2:
        result = {"trajectories": [run(c) for c in grid()]}
    else:
        result = {"trajectories": [run(c) for c in randomised(int(sys.argv[2]), int(sys.argv[3]))]}
    finite = [numpy.isfinite(c["final"]).all() for c in result["trajectories"]]
    print(len(finite), "trajectories,", finite.count(False), "not finite:",
          [c for c, good in zip(result["trajectories"], finite) if not good][:3])
    result["trajectories"] = [c for c, good in zip(result["trajectories"], finite) if good]
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in result["trajectories"])
    pathlib.Path(sys.argv[1]).write_text(f'{{"trajectories":[\n{lines}]}}\n')


if __name__ == "__main__":
    main()
