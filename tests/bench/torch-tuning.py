#!/usr/bin/env python3
"""The step of bench-tuning in PyTorch: the same tower, prompts, vectors and loss, weights frozen.

    torch-tuning.py CLASSES VECTORS LABELS STEPS [--padded] [--all-cores]

One thread, so that processor time is work and no waiting; with --all-cores the clock counts. --padded computes all 77
positions, as published implementations do; else as many as the longest prompt has. Needs torch and open_clip; prints one line of JSON.
"""
import json
import resource
import sys
import time

import open_clip
import torch

WORDS = 4  # of the template, which the vectors begin as


def user_seconds():
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def main():
    classes, vectors, labels, steps = map(int, sys.argv[1:5])
    if "--all-cores" not in sys.argv:
        torch.set_num_threads(1)
    torch.manual_seed(1)
    model = open_clip.create_model("ViT-B-32").eval().requires_grad_(False)
    ids = open_clip.get_tokenizer("ViT-B-32")([f"a photo of a part {c}." for c in range(classes)])
    used = int(ids.argmax(1).max()) + 1 + vectors - WORDS
    length = 77 if "--padded" in sys.argv else used
    tokens = model.token_embedding(ids)
    context = torch.nn.Parameter(torch.randn(vectors, tokens.shape[2]) * 0.02)
    x = torch.nn.functional.normalize(torch.randn(classes * labels, tokens.shape[2]), dim=1)
    y = torch.arange(classes * labels) % classes
    optimiser = torch.optim.Adam([context], lr=5e-3)
    mask = torch.full((length, length), float("-inf")).triu(1)

    def step():
        behind = tokens[:, 1 + WORDS:length + WORDS - vectors]
        rows = torch.cat([tokens[:, :1], context.expand(classes, -1, -1), behind], 1)
        h = model.transformer(rows + model.positional_embedding[:length], attn_mask=mask)
        text = torch.nn.functional.normalize(model.ln_final(h)[:, used - 1] @ model.text_projection, dim=1)
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(100 * x @ text.T, y).backward()
        optimiser.step()

    step()
    clock, user = time.monotonic(), user_seconds()
    for _ in range(steps):
        step()
    print(json.dumps({"classes": classes, "vectors": vectors, "length": length,
                      "step_ms": round((time.monotonic() - clock) / steps * 1e3, 2),
                      "step_user_ms": round((user_seconds() - user) / steps * 1e3, 2)}))


main()
