#!/usr/bin/env python3
"""Makes gradients.f32: what PyTorch's autograd says of the starter model's text tower.

    make.py STARTER_FOLDER    writes beside itself; needs numpy, safetensors and torch

The tower is written down here once more, in double, so that nothing but autograd and the
weights is believed. README.md says what the file holds.
"""
import pathlib
import sys

import numpy as np
import torch
from safetensors.torch import load_file

LAYERS, HEADS, WIDTH = 3, 2, 128
# Three texts of a prompt's kind and one that is longer than a run of queries on a GPU.
PROMPTS = [[49406, 320, 1125, 539, 320, 5567, 49407],
           [49406, 320, 12953, 5567, 49407],
           [49406, 320, 1125, 539, 320, 736, 320, 12953, 4040, 5567, 269, 49407],
           [49406] + [(i * 7919 + 13) % 49000 for i in range(37)] + [49407]]


def numbers(n, seed):
    """As new_numbers of tests/engine/compute/fixture.c."""
    out = np.empty(n, np.float64)
    for i in range(n):
        seed = (seed * 1664525 + 1013904223) % 2**32
        out[i] = ((seed >> 22) - 512) / 512
    return out


def norm(x, w, name):
    return torch.nn.functional.layer_norm(x, (WIDTH,), w[name + ".weight"], w[name + ".bias"], 1e-5)


def attend(x, w, name):
    n = len(x)
    qkv = x @ w[name + "in_proj_weight"].T + w[name + "in_proj_bias"]
    q, k, v = (part.reshape(n, HEADS, -1).transpose(0, 1) for part in qkv.chunk(3, 1))
    scores = q @ k.transpose(1, 2) / (WIDTH // HEADS) ** 0.5
    scores = scores.masked_fill(torch.ones(n, n).triu(1).bool(), float("-inf"))
    heads = (scores.softmax(-1) @ v).transpose(0, 1).reshape(n, WIDTH)
    return heads @ w[name + "out_proj.weight"].T + w[name + "out_proj.bias"]


def encode(rows, w, act):
    x = rows + w["positional_embedding"][:len(rows)]
    for layer in range(LAYERS):
        name = f"transformer.resblocks.{layer}."
        x = x + attend(norm(x, w, name + "ln_1"), w, name + "attn.")
        y = norm(x, w, name + "ln_2") @ w[name + "mlp.c_fc.weight"].T + w[name + "mlp.c_fc.bias"]
        x = x + act(y) @ w[name + "mlp.c_proj.weight"].T + w[name + "mlp.c_proj.bias"]
    return norm(x, w, "ln_final")[-1] @ w["text_projection"]


def main():
    file = load_file(pathlib.Path(sys.argv[1]) / "open_clip_model.safetensors")
    w = {name: tensor.double() for name, tensor in file.items()}
    acts = [lambda x: x * torch.sigmoid(1.702 * x), torch.nn.functional.gelu]
    out = []
    for act in acts:
        rows = [w["token_embedding.weight"][ids].clone().requires_grad_() for ids in PROMPTS]
        texts = torch.stack([encode(r, w, act) for r in rows])
        upstream = torch.from_numpy(numbers(texts.numel(), 1)).reshape(texts.shape)
        (texts * upstream).sum().backward()
        out += [texts.detach().numpy().ravel()] + [r.grad.numpy().ravel() for r in rows]
    np.concatenate(out).astype("<f4").tofile(pathlib.Path(__file__).with_name("gradients.f32"))


main()
