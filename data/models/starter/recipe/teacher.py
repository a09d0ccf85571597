"""SqueezeNet 1.1 as a teacher (BSD, github.com/forresti/SqueezeNet), from ncnn's half-precision file."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

FLAG_F16 = 0x01306B47
MEAN_RGB = (123.0, 117.0, 104.0)


class Fire(nn.Module):
    def __init__(self, wide, narrow, each):
        super().__init__()
        self.squeeze = nn.Conv2d(wide, narrow, 1)
        self.one = nn.Conv2d(narrow, each, 1)
        self.three = nn.Conv2d(narrow, each, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.squeeze(x))
        return torch.cat([F.relu(self.one(x)), F.relu(self.three(x))], 1)


class SqueezeNet(nn.Module):
    """Only what the pooled activations before the second and third pooling and at the end need."""
    SHAPES = [(64, 16, 64), (128, 16, 64), (128, 32, 128), (256, 32, 128), (256, 48, 192), (384, 48, 192), (384, 64, 256), (512, 64, 256)]
    LAST, POOLED = 512, 128 + 256 + 512

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 64, 3, stride=2)
        self.fires = nn.ModuleList(Fire(*s) for s in self.SHAPES)

    def load(self, path):
        data, at = open(path, "rb").read(), 0
        for layer in [self.first] + [c for f in self.fires for c in (f.squeeze, f.one, f.three)]:
            assert int.from_bytes(data[at:at + 4], "little") == FLAG_F16
            n = layer.weight.numel()
            weight = np.frombuffer(data, np.float16, n, at + 4).astype(np.float32)
            at += 4 + (n * 2 + 3) // 4 * 4
            bias = np.frombuffer(data, np.float32, layer.bias.numel(), at)
            at += 4 * layer.bias.numel()
            layer.weight.data = torch.from_numpy(weight.reshape(layer.weight.shape).copy())
            layer.bias.data = torch.from_numpy(bias.copy())
        return self.eval()

    def look(self, x):
        """float[n][3][h][w], RGB in 0..1 -> its last map and float[n][POOLED]."""
        x = (x * 255 - torch.tensor(MEAN_RGB).view(1, 3, 1, 1)).flip(1)      # the net was trained on BGR
        x = F.max_pool2d(F.relu(self.first(x.contiguous(memory_format=torch.channels_last))), 3, 2, ceil_mode=True)
        out = []
        for k, fire in enumerate(self.fires):
            x = fire(x)
            if k in (1, 3):
                out.append(x.mean((2, 3)))
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
        return x, torch.cat(out + [x.mean((2, 3))], 1)
