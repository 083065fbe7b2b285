"""The networks that are measured, their inputs, and what one training step or one sampling does with them."""

import json

import torch
from torch.nn import functional as F

# Text tokens of a conditional U-Net, as in `lineup bench`.
TOKENS = 16
# Numbers in a code of DCGAN and of the VAE.
CODES = {"dcgan": 100, "vae": 64}


def network(model=None, config=None):
    """The network of a built-in name or of diffusers' config.json, and the config's settings."""
    if config is not None:
        import diffusers

        diffusers.logging.set_verbosity_error()
        with open(config) as file:
            settings = json.load(file)
        name = settings.get("_class_name")
        if name not in ("UNet2DModel", "UNet2DConditionModel", "AutoencoderKL"):
            raise SystemExit(f"{config}: _class_name is {name}, not UNet2DModel, UNet2DConditionModel or AutoencoderKL")
        made = getattr(diffusers, name).from_config(settings)
        return made, made.config
    if model == "seed-unet":
        from seed_unet import SeedUNet

        return SeedUNet(), None
    if model == "dcgan":
        from dcgan import Pair

        return Pair(), None
    from vae import VariationalAutoencoder

    return VariationalAutoencoder(), None


def made_inputs(work, batch, model, settings):
    """Random inputs by the names that files of inputs have, in PyTorch's layouts."""
    normal, name = torch.randn, settings and settings["_class_name"]
    times = torch.linspace(1, 999, batch).round()
    if name:
        side, channels = settings["sample_size"], settings["in_channels"]
        if name == "AutoencoderKL":
            if work == "step":
                return {"sample": normal(batch, channels, side, side)}
            side >>= len(settings["block_out_channels"]) - 1
            return {"sample": normal(batch, settings["latent_channels"], side, side)}
        inputs = {"sample": normal(batch, channels, side, side), "timestep": times}
        if name == "UNet2DConditionModel":
            inputs["encoder_hidden_states"] = torch.zeros(batch, TOKENS, settings["cross_attention_dim"])
        return inputs
    if model == "seed-unet":
        return {"sample": normal(batch, 1, 28, 28), "timestep": times}
    if model == "dcgan":
        return {"sample": normal(batch, 3, 32, 32).tanh(), "noise": normal(batch, CODES[model])}
    return {"sample": normal(batch, CODES[model]) if work == "sample" else normal(batch, 1, 28, 28)}


def file_name(name):
    """The name that a tensor of a state dictionary has in files."""
    return name.replace("running_var", "running_variance")


def weights(module):
    """All tensors of a network by their names in files."""
    return {file_name(name): value.detach().clone(memory_format=torch.contiguous_format)
            for name, value in module.state_dict().items() if not name.endswith("num_batches_tracked")}


def load(module, tensors):
    own = {name: file_name(name) for name in module.state_dict() if not name.endswith("num_batches_tracked")}
    module.load_state_dict({name: tensors[key] for name, key in own.items()}, strict=False)


def shake(module):
    """Moves scales and offsets off their ones and zeros, so that a comparison sees them."""
    with torch.no_grad():
        for parameter in module.parameters():
            if parameter.ndim == 1:
                parameter.add_(0.1 * torch.randn_like(parameter))


def adam(module):
    return torch.optim.Adam(module.parameters(), lr=1e-4, fused=True)


class Reconstruction:
    """Mean squared error between a network's output and its input."""

    def __init__(self, module, inputs, settings, compiled=False):
        self.module, self.inputs, self.settings = module, inputs, settings
        self.name = settings["_class_name"] if settings else None
        self.call = torch.compile(module) if compiled else module
        self.optimizer = None

    def output(self, sample, times):
        if self.name == "UNet2DModel":
            return self.call(sample, times, return_dict=False)[0]
        if self.name == "UNet2DConditionModel":
            return self.call(sample, times, self.inputs["encoder_hidden_states"], return_dict=False)[0]
        if self.name == "AutoencoderKL":
            return self.call(sample, sample_posterior=False, return_dict=False)[0]
        return self.call(sample) if times is None else self.call(sample, times)

    def step(self, details=None):
        self.optimizer = self.optimizer or adam(self.module)
        sample = self.inputs["sample"]
        self.optimizer.zero_grad()
        output = self.output(sample, self.inputs.get("timestep"))
        loss = F.mse_loss(output, sample)
        loss.backward()
        if details is not None:
            details["output"] = output.detach()
            details.update(gradients(self.module))
        self.optimizer.step()
        return {"loss": loss.item()}

    @torch.inference_mode()
    def sample(self):
        start = self.inputs["sample"]
        if self.name == "AutoencoderKL":
            return self.module.decode(start, return_dict=False)[0]
        if "timestep" not in self.inputs:
            return self.module.image_decoder(start)
        return ddim(start, self.output)


class Adversarial:
    """One update of each of a GAN's networks with the non-saturating logistic loss."""

    def __init__(self, module, inputs, compiled=False):
        self.module, self.inputs = module, inputs
        wrap = torch.compile if compiled else (lambda network: network)
        self.generator, self.discriminator = wrap(module.generator), wrap(module.discriminator)
        self.optimizers = None

    def step(self, details=None):
        pair = self.module
        self.optimizers = self.optimizers or (adam(pair.generator), adam(pair.discriminator))
        for optimizer in self.optimizers:
            optimizer.zero_grad()
        fakes = self.generator(self.inputs["noise"])
        plain = fakes.detach()
        judgement = F.softplus(-self.discriminator(self.inputs["sample"])).mean()
        judgement = judgement + F.softplus(self.discriminator(plain)).mean()
        judgement.backward()
        if details is not None:
            details["output"] = plain
            details.update(gradients(pair, "discriminator."))
        self.optimizers[1].step()
        # The generator's turn needs no gradients to the discriminator's weights.
        pair.discriminator.requires_grad_(False)
        loss = F.softplus(-self.discriminator(fakes)).mean()
        loss.backward()
        pair.discriminator.requires_grad_(True)
        if details is not None:
            details.update(gradients(pair, "generator."))
        self.optimizers[0].step()
        return {"loss": judgement.item(), "generator_loss": loss.item()}

    @torch.inference_mode()
    def sample(self):
        self.module.generator.eval()
        return self.generator(self.inputs["noise"])


def gradients(module, prefix=""):
    return {"grad." + file_name(name): parameter.grad.detach().clone(memory_format=torch.contiguous_format)
            for name, parameter in module.named_parameters() if name.startswith(prefix) and parameter.grad is not None}


def ddim(x, denoise, calls=20, timesteps=1000):
    """Deterministic DDIM (Song et al. 2021) over the linear schedule, from 950 to 0."""
    kept = torch.cumprod(1 - torch.linspace(1e-4, 0.02, timesteps, dtype=torch.float64), 0).tolist()
    stride = timesteps // calls
    for t in range((calls - 1) * stride, -1, -stride):
        now, after = kept[t], kept[t - stride] if t >= stride else 1.0
        noise = denoise(x, torch.full((x.shape[0],), t, device=x.device))
        clean = (x - (1 - now) ** 0.5 * noise) / now**0.5
        x = after**0.5 * clean + (1 - after) ** 0.5 * noise
    return x


def workload(work, batch, model=None, config=None, seed=1, tensors=None, given=None, layout="contiguous", compiled=False,
             dtype=torch.float32):
    """The network with its weights and inputs, ready to be repeated; new weights are shaken, given ones are kept."""
    torch.manual_seed(seed)
    module, settings = network(model, config)
    if tensors is None:
        shake(module)
    else:
        load(module, tensors)
    inputs = made_inputs(work, batch, model, settings) if given is None else dict(given)
    form = torch.channels_last if layout == "channels_last" else torch.contiguous_format
    module = module.to(dtype=dtype).to(memory_format=form)
    for name, value in inputs.items():
        value = value.to(dtype)
        inputs[name] = value.to(memory_format=form) if value.ndim == 4 else value
    if model == "dcgan":
        return Adversarial(module, inputs, compiled)
    return Reconstruction(module, inputs, settings, compiled)
