"""Trains the whole picture side further.

    python refine.py START DATA OUT.pt MINUTES [WORKERS]

START is an exported model (version-0) or a checkpoint of refine.py. A batch
holds twins of cast rings, rendered other things, drawn artwork, labelled real
pictures and real pictures without any label; losses.py says what is minimised.
DATA has rays/*.npy (rings_shards.py), plain/*.npy (render.py), real.npz
(photographs.py) and artwork.npz (artwork.py). The learning rate follows the clock:
level for the first half, then down to nothing. The first part of the time goes
to smaller views, which cost half. Every worker is a process of one
thread with batches of its own; they take the mean of their weights every few
steps, which costs less on a busy machine than threads that wait for each other
in every layer. OUT.pt is written every two minutes; where it is there, the run
goes on from it.
"""
import glob
import json
import math
import os
import sys
import time

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F

import captions
import losses
import train
from losses import WEIGHT
from model import Words, build
from teacher import Teacher

CONFIG = "cpu_deep"
FIRST_PX, FIRST_PART, LAST_PX = 192, 0.0, 256
COUNTS = {"rays": 20, "plain": 4, "artwork": 14, "labelled": 12, "others": 34}      # pictures of each kind in a batch
CAST, DRAWN = COUNTS["rays"], COUNTS["rays"] + COUNTS["plain"]
PHOTOGRAPHS = COUNTS["labelled"] + COUNTS["others"]
PEAK_RATE, WARMUP_STEPS, CAPTIONS_EVERY, RING_PHRASINGS = 6e-4, 20, 6, 8
MEAN_STEPS, SAVE_SECONDS, DIFFERS = 4, 120, 24
LEAST_ZOOM = {"rays": 0.75, "plain": 0.75, "artwork": 0.7, "labelled": 0.75, "others": 0.6}


class Twins:
    """Rendered pictures in pairs; for cast ones with a fourth channel, 255 where the two of a pair differ."""

    def __init__(self, folder, masked):
        self.facts, parts = [], []
        for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
            self.facts += json.load(open(path))
            x = np.load(path[:-5] + ".npy")
            parts.append(np.concatenate([x, self.differences(x)], -1) if masked else x)
        self.x = np.concatenate(parts) if parts else None

    @staticmethod
    def differences(x):
        """Of each damaged picture to its sound twin; nothing for the sound one."""
        out = np.zeros(x.shape[:3] + (1,), np.uint8)
        far = np.abs(x[1::2].astype(np.int16) - x[::2]).max(-1) > DIFFERS
        out[1::2, ..., 0] = far * np.uint8(255)
        return out

    def take(self, count, rng):
        first = rng.integers(0, len(self.x) // 2, count // 2) * 2
        index = np.stack([first, first + 1], 1).ravel()
        return self.x[index], [self.facts[i] for i in index]


class Pictures:
    """All that is trained on."""

    def __init__(self, data):
        self.twins = {k: Twins(os.path.join(data, k), k != "plain") for k in ("rays", "plain")}
        real, artwork = (np.load(os.path.join(data, k + ".npz")) for k in ("real", "artwork"))
        self.sets = {"labelled": (real["x"], real["y"]), "artwork": (artwork["x"], artwork["y"] + len(real["names"]))}
        self.others, self.names = real["others"], np.concatenate([real["names"], artwork["names"]])

    def batch(self, side, rng):
        """Views float[n][3][side][side] in the order of COUNTS, masks and facts of the drawn ones, classes of artwork and labelled."""
        g = torch.Generator().manual_seed(int(rng.integers(2 ** 31)))
        views, masks, facts, classes = [], [], [], []
        for kind, count in COUNTS.items():
            if kind in self.twins:
                x, said = self.twins[kind].take(count, rng)
                facts += said
            elif kind in self.sets:
                index = rng.integers(0, len(self.sets[kind][0]), count)
                x = self.sets[kind][0][index]
                classes.append(self.sets[kind][1][index])
            else:
                x = self.others[rng.integers(0, len(self.others), count)]
            seen = train.placed(torch.from_numpy(x), side, g, LEAST_ZOOM[kind])
            views.append(train.lit(seen[:, :3], g))
            if seen.shape[1] == 4:
                masks.append(seen[:, 3:])
        return torch.cat(views), torch.cat(masks), facts, torch.from_numpy(np.concatenate(classes))


def rate_at(step, part):
    return PEAK_RATE * min(1, (step + 1) / WARMUP_STEPS) * max(0.005, min(1, (1 - part) / 0.5))


def encode(visual, x):
    """Unit features, and the maps after layer3 and layer4."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        x = train.normalise(x).contiguous(memory_format=torch.channels_last)
        layer3 = visual.layer3(visual.layer2(visual.layer1(visual.stem(x))))
        layer4 = visual.layer4(layer3)
        features = train.pool(visual.attnpool, layer4)
    return F.normalize(features.float(), dim=-1), layer3.float(), layer4.float()


def loss_of(model, heads, teacher, views, asked, words, step, rng):
    """The weighted sum of the losses, and each as a number. `views` is what Pictures.batch() gives."""
    x, masks, facts, classes = views
    image, layer3, layer4 = encode(model.visual, x)
    sixteenth, last, pooled = teacher.look(x[CAST:])
    drawn = image[:DRAWN]
    parts = dict(question=losses.question_loss(drawn, facts, asked, model.logit_scale.exp()),
                 places=heads.place_loss((layer3[:CAST], layer4[:CAST]), facts[:CAST], masks),
                 classes=heads.class_loss(image[DRAWN:DRAWN + len(classes)], classes),
                 shown=heads.shown_loss(image[:CAST], facts[:CAST]),
                 teacher=heads.read_loss("teacher", image[CAST:], pooled),
                 likeness=heads.liken(image[-PHOTOGRAPHS:], pooled[-PHOTOGRAPHS:]),
                 maps=heads.map_loss((layer3[CAST:], layer4[CAST:]), (sixteenth, last)),
                 statistics=heads.read_loss("statistics", image, train.statistics(x)))
    if step % CAPTIONS_EVERY == 0:
        known = [i for i, f in enumerate(facts) if f["product"] in captions.PRODUCTS]
        parts["captions"] = losses.caption_loss(drawn[known], [facts[i] for i in known], words, model, rng)
    return sum(WEIGHT[k] * v for k, v in parts.items()), {k: v.item() for k, v in parts.items()}


class Workers:
    """Processes forked from this one that train side by side."""

    def __init__(self, count):
        self.count, self.rank = count, 0
        store = dist.TCPStore("127.0.0.1", 0, count, True, wait_for_workers=False)      # any free port
        for rank in range(1, count):
            if os.fork() == 0:
                self.rank = rank
                store = dist.TCPStore("127.0.0.1", store.port, count, False)
                break
        dist.init_process_group("gloo", store=store, rank=self.rank, world_size=count)

    def mean(self, tensors):
        """Sets float tensors to their mean over the workers."""
        with torch.no_grad():
            flat = torch.cat([t.detach().reshape(-1) for t in tensors])
            dist.all_reduce(flat)
            parts = (flat / self.count).split([t.numel() for t in tensors])
            for tensor, part in zip(tensors, parts):
                tensor.copy_(part.view_as(tensor))

    def any(self, said):
        vote = torch.tensor([float(said)])
        dist.all_reduce(vote)
        return vote.item() > 0


def optimiser(learned):
    return torch.optim.AdamW([dict(params=[w for w in learned if w.ndim >= 2], weight_decay=0.05),
                              dict(params=[w for w in learned if w.ndim < 2], weight_decay=0)], betas=(0.9, 0.98), fused=True)


def begin_with(start, words):
    """The model to train, with the text side fixed."""
    if os.path.isdir(start):
        model = losses.load_start(start, words, CONFIG)
    else:
        model, tensors = build(CONFIG, len(words)), torch.load(start, weights_only=False)["model"]
        losses.resize_positions(tensors, model)
        model.load_state_dict(tensors)
    model.train().visual.to(memory_format=torch.channels_last)
    for name, weight in model.named_parameters():
        weight.requires_grad_(name.startswith("visual.") or name == "logit_scale")
    return model


class Run:
    """What is written to OUT.pt."""

    def __init__(self, path, model, heads, adam):
        self.path, self.model, self.heads, self.adam, self.step, self.spent, self.seen = path, model, heads, adam, 0, 0.0, 0
        if os.path.exists(path):
            state = torch.load(path, weights_only=False)
            for part in ("model", "heads", "adam"):
                getattr(self, part).load_state_dict(state[part])
            self.step, self.spent, self.seen = state["step"], state["spent"], state["seen"]

    def save(self, words):
        state = dict(model=self.model.state_dict(), heads=self.heads.state_dict(), adam=self.adam.state_dict(), step=self.step,
                     spent=self.spent, seen=self.seen, config=CONFIG, words=words.known)
        torch.save(state, self.path + ".new")
        os.replace(self.path + ".new", self.path)


def main():
    start, data, out, minutes = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
    torch.set_num_threads(1)
    torch.manual_seed(1)
    words, pictures = Words(), Pictures(data)
    model = begin_with(start, words)
    heads = losses.ReadOuts(model.visual, pictures.names)
    learned = [w for w in list(model.parameters()) + list(heads.parameters()) if w.requires_grad]
    shared = learned + [b for m in (model, heads) for b in m.buffers() if b.is_floating_point() and b.numel() and b is not model.attn_mask]
    run = Run(out, model, heads, optimiser(learned))
    workers = Workers(int(sys.argv[5]) if len(sys.argv) > 5 else 2)
    teacher = Teacher()
    rng = np.random.default_rng([3, workers.rank, run.step])
    asked = losses.sentences(words, model, [p for p in captions.PRODUCTS if p != "texture"], rng)
    rings = [losses.plain_ring_sentences(words, model)] * RING_PHRASINGS
    rings += [losses.sentences(words, model, ["ring"], rng)["ring"] for _ in range(RING_PHRASINGS)]
    before, begin, saved, over, log = run.spent, time.time(), time.time(), False, []
    while not over:
        run.spent = before + (time.time() - begin) / 60
        for group in run.adam.param_groups:
            group["lr"] = rate_at(run.step, run.spent / minutes)
        asked["ring"] = rings[int(rng.integers(len(rings)))]
        views = pictures.batch(FIRST_PX if run.spent / minutes < FIRST_PART else LAST_PX, rng)
        loss, parts = loss_of(model, heads, teacher, views, asked, words, run.step, rng)
        run.adam.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 3.0)
        run.adam.step()
        with torch.no_grad():
            model.logit_scale.clamp_(0, math.log(60))
        run.step, run.seen = run.step + 1, run.seen + workers.count * sum(COUNTS.values())
        log.append(parts)
        if run.step % MEAN_STEPS == 0:
            workers.mean(shared)
            over = workers.any(run.spent > minutes)
        if workers.rank == 0 and (over or time.time() - saved > SAVE_SECONDS):
            means = {k: round(float(np.mean([p[k] for p in log if k in p])), 3) for k in WEIGHT}
            print(f"step {run.step} min {run.spent:.1f} seen {run.seen} scale {model.logit_scale.exp().item():.1f}", means, flush=True)
            run.save(words)
            saved, log = time.time(), []


if __name__ == "__main__":
    main()
