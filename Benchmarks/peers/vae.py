"""The variational autoencoder of the studies: the networks of InfoGAN (Chen et al. 2016), with the names of
`Sources/Families/Variational/VariationalNetwork.swift`."""

from torch import nn
from torch.nn import functional as F


class Encoder(nn.Module):
    """Images `[batch, channels, side, side]` to means and log-variances of codes, `[batch, 2 · latent]`."""

    def __init__(self, latent, channels, side, widths, hidden):
        super().__init__()
        self.convolution1 = nn.Conv2d(channels, widths[0], 4, 2, 1)
        self.convolution2 = nn.Conv2d(widths[0], widths[1], 4, 2, 1)
        self.hidden = nn.Linear(widths[1] * (side // 4) ** 2, hidden)
        self.output = nn.Linear(hidden, 2 * latent)

    def forward(self, x):
        x = F.leaky_relu(self.convolution1(x), 0.2)
        x = F.leaky_relu(self.convolution2(x), 0.2)
        # Lineup's images are channels-last, and so is the order of this vector.
        x = x.permute(0, 2, 3, 1).flatten(1)
        return self.output(F.leaky_relu(self.hidden(x), 0.2))


class Decoder(nn.Module):
    """Codes to images in [−1, 1]."""

    def __init__(self, latent, channels, side, widths, hidden):
        super().__init__()
        self.hidden = nn.Linear(latent, hidden)
        self.expansion = nn.Linear(hidden, widths[1] * (side // 4) ** 2)
        self.convolution1 = nn.ConvTranspose2d(widths[1], widths[0], 4, 2, 1)
        self.convolution2 = nn.ConvTranspose2d(widths[0], channels, 4, 2, 1)
        self.inner = (side // 4, side // 4, widths[1])

    def forward(self, codes):
        x = F.relu(self.expansion(F.relu(self.hidden(codes))))
        x = x.reshape(-1, *self.inner).permute(0, 3, 1, 2)
        return self.convolution2(F.relu(self.convolution1(x))).tanh()


class VariationalAutoencoder(nn.Module):
    """The decoder's image of each code's posterior mean."""

    def __init__(self, latent=64, channels=1, side=28, widths=(64, 128), hidden=1024):
        super().__init__()
        self.image_encoder = Encoder(latent, channels, side, widths, hidden)
        self.image_decoder = Decoder(latent, channels, side, widths, hidden)

    def forward(self, x):
        mean, _ = self.image_encoder(x).chunk(2, dim=1)
        return self.image_decoder(mean)
