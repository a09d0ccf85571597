"""What refining minimises, and the model it starts from.

 1. which of twelve damage sentences about the product is true: the program's question;
 2. the contrastive loss of train.py over captions, for rendered pictures;
 3. the class of labelled real pictures, read linearly within its set;
 4. pooled activations of SqueezeNet, read linearly.

The read-outs of 3 and 4 are dropped afterwards. The text side stays fixed.
"""
import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file

import captions
import train
from model import Words, build, encode_rows
from teacher import SqueezeNet

WEIGHT = dict(question=1.0, captions=0.5, classes=0.5, teacher=0.6)
SAMPLE_CLASSES = [captions.DEFECT_NAMES.index(d) for d in ("good", "rusty", "cracked", "scratched")]
FEATURE_SCALE = 16.0        # unit features have small numbers; read-outs learn faster on larger ones
UNKNOWN_PIECES = range(40000, 49000)


def load_start(folder, words):
    """The exported model of `folder`, with the short table of words."""
    model = build("cpu", len(words))
    tensors = {k: v.float() for k, v in load_file(os.path.join(folder, "open_clip_model.safetensors")).items()}
    known = set(words.known[1:].tolist())
    unknown = next(p for p in UNKNOWN_PIECES if p not in known)
    rows = torch.from_numpy(np.where(words.known < 0, unknown, words.known))
    tensors["token_embedding.weight"] = tensors["token_embedding.weight"][rows]
    missing, unexpected = model.load_state_dict(tensors, strict=False)
    assert not unexpected and all(k.endswith("num_batches_tracked") or k == "attn_mask" for k in missing)
    return model


class ReadOuts(nn.Module):
    """Linear layers on the features, used during training only."""

    def __init__(self, dim, names):
        super().__init__()
        self.classes = nn.Linear(dim, len(names))
        self.teacher = nn.Linear(dim, SqueezeNet.POOLED)
        self.register_buffer("same_set", torch.from_numpy(names[:, 0][:, None] == names[:, 0][None]))
        self.register_buffer("mean", torch.zeros(SqueezeNet.POOLED))
        self.register_buffer("var", torch.ones(SqueezeNet.POOLED))
        self.register_buffer("count", torch.zeros(()))

    def standard(self, target):
        """The teacher's numbers with zero mean and unit deviation, by running estimates."""
        self.count += 1
        k = max(1 / float(self.count), 0.02)
        self.mean.lerp_(target.mean(0), k)
        self.var.lerp_((target - self.mean).square().mean(0), k)
        return ((target - self.mean) / (self.var + 1e-5).sqrt()).clamp(-3, 3)

    def class_loss(self, features, truth):
        logits = self.classes(features * FEATURE_SCALE).masked_fill(~self.same_set[truth], -1e4)
        return F.cross_entropy(logits, truth)

    def teacher_loss(self, features, target):
        return F.mse_loss(self.teacher(features * FEATURE_SCALE), self.standard(target))


def sentences(words, model, products, rng):
    """Text features of the twelve damage sentences about each product."""
    out = {}
    with torch.no_grad():
        for product in products:
            rows = train.padded([words.rows(t) for t in train.questions(product, rng)], torch.device("cpu"))
            out[product] = F.normalize(encode_rows(model, rows), dim=-1)
    return out


def question_loss(image, facts, asked, scale):
    """Cross-entropy of the damage sentence; rings also among the four classes of the sample project."""
    total, count = 0, 0
    for product, text in asked.items():
        which = [i for i, f in enumerate(facts) if f["product"] == product]
        if not which:
            continue
        right = torch.tensor([captions.DEFECT_NAMES.index(facts[i]["defect"]) for i in which])
        logits = scale * image[which] @ text.T
        total = total + F.cross_entropy(logits, right, reduction="sum")
        some = [k for k, r in enumerate(right.tolist()) if r in SAMPLE_CLASSES] if product == "ring" else []
        if some:
            among = torch.tensor([SAMPLE_CLASSES.index(int(right[k])) for k in some])
            total = total + F.cross_entropy(logits[some][:, SAMPLE_CLASSES], among, reduction="sum")
        count += len(which)
    return total / max(count, 1)


def caption_loss(image, facts, words, model, rng):
    """Contrastive, over one caption a picture; every picture that a caption is true for counts as right."""
    texts = [captions.caption(f, rng) for f in facts]
    with torch.no_grad():
        rows = train.padded([words.rows(t) for t, _ in texts], torch.device("cpu"))
        text = F.normalize(encode_rows(model, rows), dim=-1)
    values = np.array([[str(f[k]) for k in captions.FACTS] for f in facts])
    stated = np.array([[k in s for k in captions.FACTS] for _, s in texts])
    truth = torch.from_numpy(((values[:, None] == values[None]) | ~stated[None]).all(-1)).float()
    return train.contrastive(image, text, model.logit_scale.exp(), truth)
