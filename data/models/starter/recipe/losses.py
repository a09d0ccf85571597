"""What refining minimises, and the model it starts from.

 1. which of twelve damage sentences about the product is true: the program's question;
 2. the contrastive loss of train.py over captions, for rendered pictures;
 3. where on a cast ring the damage lies, read from each place of layer3 and layer4;
 4. the class of labelled pictures, read linearly within its set;
 5. what a cast picture shows: a ring, a nut, a cap or nothing;
 6. activations of EfficientNet-Lite2: pooled from the features, its maps from layer3 and layer4;
 7. that photographs which are alike to it are alike, too;
 8. colour and edge statistics of the picture, read linearly.

The read-outs of 3 to 8 are dropped afterwards. The text side stays fixed.
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
from teacher import LAST, PLACES, POOLED

WEIGHT = dict(question=1.0, captions=0.3, places=0.6, classes=0.5, shown=0.2, teacher=1.0, maps=0.6, likeness=2.0, statistics=0.2)
SHOWN = ("ring", "nut", "cap", "nothing")
TOUCHED = 0.4               # a place is damaged where at least this much of one pixel is, and sound where nothing is
DAMAGED_WEIGHT = 4.0        # few places are damaged
SAMPLE_CLASSES = [captions.DEFECT_NAMES.index(d) for d in ("good", "rusty", "cracked", "scratched")]
FEATURE_SCALE = 16.0        # unit features have small numbers; read-outs learn faster on larger ones
UNKNOWN_PIECES = range(40000, 49000)


def load_start(folder, words, config="cpu"):
    """The exported model of `folder`, with the short table of words and positions for the size of `config`."""
    model = build(config, len(words))
    tensors = {k: v.float() for k, v in load_file(os.path.join(folder, "open_clip_model.safetensors")).items()}
    known = set(words.known[1:].tolist())
    unknown = next(p for p in UNKNOWN_PIECES if p not in known)
    rows = torch.from_numpy(np.where(words.known < 0, unknown, words.known))
    tensors["token_embedding.weight"] = tensors["token_embedding.weight"][rows]
    resize_positions(tensors, model)
    widen(tensors, model)
    missing, unexpected = model.load_state_dict(tensors, strict=False)
    assert not unexpected
    leave_as_it_is(model, [k for k in missing if not k.endswith("num_batches_tracked") and k != "attn_mask"])
    return model


def leave_as_it_is(model, missing):
    """Lets the blocks that START had not, and that are to be trained, begin by changing nothing."""
    blocks = {".".join(k.split(".")[:3]) for k in missing}
    for block in blocks:
        assert {k for k in model.state_dict() if k.startswith(block) and not k.endswith("num_batches_tracked")} <= set(missing)
        nn.init.zeros_(model.get_submodule(block).bn3.weight)


def resize_positions(tensors, model):
    """Interpolates the positions of the attention pooling to the model's grid."""
    name, wanted = "visual.attnpool.positional_embedding", len(model.visual.attnpool.positional_embedding)
    position = tensors[name]
    if len(position) != wanted:
        old, new = int((len(position) - 1) ** 0.5), int((wanted - 1) ** 0.5)
        grid = position[1:].T.reshape(1, -1, old, old)
        grid = F.interpolate(grid, size=(new, new), mode="bilinear", align_corners=True).flatten(2)[0].T
        tensors[name] = torch.cat([position[:1], grid])


def widen(tensors, model):
    """More features than START has: small ones of the picture, none of a text."""
    for name, along in (("visual.attnpool.c_proj.weight", 0), ("visual.attnpool.c_proj.bias", 0), ("text_projection", 1)):
        old, shape = tensors[name], model.state_dict()[name].shape
        more = list(shape)
        more[along] -= old.shape[along]
        fresh = torch.zeros(more) if name == "text_projection" else torch.randn(more) * old.std()
        tensors[name] = torch.cat([old, fresh], along)


class Scale(nn.Module):
    """Targets with zero mean and unit deviation, by running estimates."""

    def __init__(self, count):
        super().__init__()
        self.register_buffer("mean", torch.zeros(count))
        self.register_buffer("var", torch.ones(count))
        self.register_buffer("count", torch.zeros(()))

    def forward(self, target):
        """float[n][count] -> the same, standardised and clipped."""
        self.count += 1
        k = max(1 / float(self.count), 0.02)
        self.mean.lerp_(target.mean(0), k)
        self.var.lerp_((target - self.mean).square().mean(0), k)
        return ((target - self.mean) / (self.var + 1e-5).sqrt()).clamp(-3, 3)


class ReadOuts(nn.Module):
    """Linear layers on the features and the maps, used during training only."""

    def __init__(self, visual, names):
        super().__init__()
        dim, thin = visual.output_dim, visual.attnpool.positional_embedding.shape[1] // 2
        self.classes, self.shown = nn.Linear(dim, len(names)), nn.Linear(dim, len(SHOWN))
        self.teacher, self.statistics = nn.Linear(dim, POOLED), nn.Linear(dim, train.STATISTICS)
        self.maps = nn.ModuleList(nn.Conv2d(n, seen, 1) for n, seen in zip((thin, 2 * thin), PLACES))
        self.places = nn.ModuleList(nn.Conv2d(n, len(captions.DEFECT_NAMES), 1) for n in (thin, 2 * thin))
        self.scales = nn.ModuleDict(dict(teacher=Scale(POOLED), statistics=Scale(train.STATISTICS)))
        self.map_scales = nn.ModuleList(Scale(seen) for seen in PLACES)
        self.register_buffer("same_set", torch.from_numpy(names[:, 0][:, None] == names[:, 0][None]))

    def class_loss(self, features, truth):
        logits = self.classes(features * FEATURE_SCALE).masked_fill(~self.same_set[truth], -1e4)
        return F.cross_entropy(logits, truth)

    def shown_loss(self, features, facts):
        return F.cross_entropy(self.shown(features * FEATURE_SCALE), torch.tensor([SHOWN.index(f["product"]) for f in facts]))

    def liken(self, features, target):
        """Of the features to the last of the pooled activations."""
        scale = self.scales["teacher"]
        seen = slice(POOLED - LAST, POOLED)
        return likeness_loss(features, (target[:, seen] - scale.mean[seen]) / (scale.var[seen] + 1e-5).sqrt())

    def read_loss(self, name, features, target):
        """Of the pooled activations or the statistics."""
        return F.mse_loss(getattr(self, name)(features * FEATURE_SCALE), self.scales[name](target))

    def map_loss(self, layers, targets):
        """Of what the teacher sees at each place; the maps of both have the same size."""
        total = 0
        for layer, read, scale, target in zip(layers, self.maps, self.map_scales, targets):
            total = total + F.mse_loss(read(layer).permute(0, 2, 3, 1).flatten(0, 2), scale(target.permute(0, 2, 3, 1).flatten(0, 2)))
        return total / len(self.maps)

    def place_loss(self, maps, facts, masks):
        """Cross-entropy of the damage at each place; `masks` is float[n][1][h][w], 1 where the twins differ."""
        defect = torch.tensor([captions.DEFECT_NAMES.index(f["defect"]) for f in facts])
        weight = torch.full((len(captions.DEFECT_NAMES),), DAMAGED_WEIGHT)
        weight[captions.DEFECT_NAMES.index("good")] = 1.0
        total = 0
        for layer, read in zip(maps, self.places):
            most = F.adaptive_max_pool2d(masks, layer.shape[-2:])[:, 0]
            truth = torch.where(most > TOUCHED, defect[:, None, None], torch.where(most > 0, -1, captions.DEFECT_NAMES.index("good")))
            total = total + F.cross_entropy(read(layer), truth, weight=weight, ignore_index=-1)
        return total / len(maps)


def likeness_loss(features, target):
    """1 - linear CKA: a read-out finds what is there by its direction alone, few labels find it by its size."""
    ours, theirs = (x @ x.T for x in (features - features.mean(0), F.normalize(target - target.mean(0), dim=-1)))
    return 1 - (ours * theirs).sum() / (ours.norm() * theirs.norm())


def read_texts(words, model, texts):
    """Unit features of sentences."""
    with torch.no_grad():
        rows = train.padded([words.rows(t) for t in texts], torch.device("cpu"))
        return F.normalize(encode_rows(model, rows), dim=-1)


def sentences(words, model, products, rng):
    """Text features of the twelve damage sentences about each product."""
    return {product: read_texts(words, model, train.questions(product, rng)) for product in products}


def plain_ring_sentences(words, model):
    """The twelve as most people would write them about a ring."""
    return read_texts(words, model, ["a photo of " + captions.with_article(captions.DEFECTS[d][0][0] + " bearing ring") for d in captions.DEFECT_NAMES])


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
    text = read_texts(words, model, [t for t, _ in texts])
    values = np.array([[str(f[k]) for k in captions.FACTS] for f in facts])
    stated = np.array([[k in s for k in captions.FACTS] for _, s in texts])
    truth = torch.from_numpy(((values[:, None] == values[None]) | ~stated[None]).all(-1)).float()
    return train.contrastive(image, text, model.logit_scale.exp(), truth)
