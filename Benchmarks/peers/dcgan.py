"""DCGAN for 32×32 images (Radford et al. 2016), with the names of `Sources/Networks/Backbones/DCGAN.swift`."""

from torch import nn
from torch.nn import functional as F


class Generator(nn.Module):
    """Codes `[batch, 100]` to images `[batch, 3, 32, 32]`."""

    def __init__(self, codes=100, widths=(256, 128, 64), channels=3):
        super().__init__()
        ends = zip((codes, *widths), (*widths, channels))
        self.convolutions = nn.ModuleList(
            nn.ConvTranspose2d(inputs, outputs, 4, *((2, 1) if index else (1, 0)), bias=False)
            for index, (inputs, outputs) in enumerate(ends))
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in widths)

    def forward(self, codes):
        x = codes[:, :, None, None]
        for convolution, norm in zip(self.convolutions, self.norms):
            x = F.relu(norm(convolution(x)), inplace=True)
        return self.convolutions[-1](x).tanh()


class Discriminator(nn.Module):
    """Images to one number each, the logit of being real."""

    def __init__(self, widths=(64, 128, 256), channels=3):
        super().__init__()
        convolutions = [nn.Conv2d(*ends, 4, 2, 1, bias=False) for ends in zip((channels, *widths), widths)]
        self.convolutions = nn.ModuleList([*convolutions, nn.Conv2d(widths[-1], 1, 4, 1, 0, bias=False)])
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in widths[1:])

    def forward(self, images):
        x = F.leaky_relu(self.convolutions[0](images), 0.2, inplace=True)
        for convolution, norm in zip(self.convolutions[1:], self.norms):
            x = F.leaky_relu(norm(convolution(x)), 0.2, inplace=True)
        return self.convolutions[-1](x).flatten()


class Pair(nn.Module):
    """Both networks, as one file of weights holds them."""

    def __init__(self):
        super().__init__()
        self.generator = Generator()
        self.discriminator = Discriminator()
