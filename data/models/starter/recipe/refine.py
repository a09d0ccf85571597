"""Trains layer4 and the attention pooling further on kept activations.

    python refine.py MODELDIR DATA OUT.pt MINUTES [WORKERS]

MODELDIR is the exported model that activations.py saw. A batch holds twins of
cast rings, rendered other things, labelled real pictures and real pictures
without any label; losses.py says what is minimised. The learning rate follows
the clock: level for the first half, then down to nothing. Every worker is a
process of one thread with batches of its own; they take the mean of their
weights every few steps, which costs less on a busy machine than threads that
wait for each other in every layer. OUT.pt is written every minute.
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
from losses import WEIGHT
from model import Words

RINGS, PLAIN, LABELLED, OTHERS = 48, 12, 32, 12     # pictures of each kind in a batch
BATCH = RINGS + PLAIN + LABELLED + OTHERS
PEAK_RATE, WARMUP_STEPS, CAPTIONS_EVERY, RING_PHRASINGS = 8e-4, 15, 8, 6
MEAN_STEPS, SAVE_SECONDS, MEETING = 8, 60, "tcp://127.0.0.1:29547"


class Kept:
    """The cache of activations, by kind: photographs one entry a view, the drawn ones one a picture."""

    def __init__(self, data):
        self.maps = {k: [] for k in ("rays", "plain", "photos", "others")}
        self.taught = {k: [] for k in self.maps}
        self.facts = {"rays": [], "plain": []}
        for path in sorted(glob.glob(os.path.join(data, "cache", "*[0-9].npz"))):
            kind, rest = os.path.basename(path)[:-4].split("-", 1)
            kept = np.load(path)
            if kind in self.facts:
                shard = rest.rsplit("-", 1)[0]
                self.facts[kind] += json.load(open(os.path.join(data, kind, shard + ".json")))
                self.maps[kind] += list(kept["maps"])
                self.taught[kind] += list(kept["teacher"]) if "teacher" in kept else []
            else:
                self.maps[kind].append(kept["maps"])
                self.taught[kind].append(kept["teacher"])

    def twins(self, kind, count, rng):
        first = rng.integers(0, len(self.facts[kind]) // 2, count // 2) * 2
        return np.stack([first, first + 1], 1).ravel()

    def batch(self, rng):
        """Maps, facts of the drawn ones, places of the labelled ones in their list, the teacher's numbers but for rings."""
        a, b = self.twins("rays", RINGS, rng), self.twins("plain", PLAIN, rng)
        c, d = rng.integers(0, len(self.maps["photos"][0]), LABELLED), rng.integers(0, len(self.maps["others"][0]), OTHERS)
        view = rng.integers(0, len(self.maps["photos"]), LABELLED)
        facts = [self.facts["rays"][i] for i in a] + [self.facts["plain"][i] for i in b]
        maps = [self.maps["rays"][i] for i in a] + [self.maps["plain"][i] for i in b] + \
            [self.maps["photos"][v][i] for i, v in zip(c, view)] + [self.maps["others"][0][i] for i in d]
        taught = [self.taught["plain"][i] for i in b] + [self.taught["photos"][v][i] for i, v in zip(c, view)] + \
            [self.taught["others"][0][i] for i in d]
        return torch.from_numpy(np.stack(maps)).float(), facts, c, torch.from_numpy(np.stack(taught)).float()


def rate_at(step, part):
    return PEAK_RATE * min(1, (step + 1) / WARMUP_STEPS) * max(0.01, min(1, (1 - part) / 0.5))


def loss_of(model, heads, kept, asked, truth, words, step, rng):
    """The weighted sum of the losses, and each as a number."""
    maps, facts, labelled, taught = kept.batch(rng)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        image = model.visual.attnpool(model.visual.layer4(maps.contiguous(memory_format=torch.channels_last)))
    image = F.normalize(image.float(), dim=-1)
    drawn = image[:len(facts)]
    parts = dict(question=losses.question_loss(drawn, facts, asked, model.logit_scale.exp()),
                 classes=heads.class_loss(image[len(facts):len(facts) + LABELLED], truth[labelled]),
                 teacher=heads.teacher_loss(image[RINGS:], taught))
    if step % CAPTIONS_EVERY == 0:
        parts["captions"] = losses.caption_loss(drawn, facts, words, model, rng)
    return sum(WEIGHT[k] * v for k, v in parts.items()), {k: v.item() for k, v in parts.items()}


class Workers:
    """Processes forked from this one that train side by side."""

    def __init__(self, count):
        self.count, self.rank = count, 0
        for rank in range(1, count):
            if os.fork() == 0:
                self.rank = rank
                break
        dist.init_process_group("gloo", init_method=MEETING, rank=self.rank, world_size=count)

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


def upper_part(start, words):
    """The model, and which of its weights learn."""
    model = losses.load_start(start, words).train()
    model.visual.to(memory_format=torch.channels_last)
    for name, weight in model.named_parameters():
        weight.requires_grad_(name.startswith(("visual.layer4", "visual.attnpool")) or name == "logit_scale")
    return model


def main():
    start, data, out, minutes = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
    torch.set_num_threads(1)
    torch.manual_seed(1)
    words, real, kept = Words(), np.load(os.path.join(data, "real.npz")), Kept(data)
    model, truth = upper_part(start, words), torch.from_numpy(real["y"])
    heads = losses.ReadOuts(model.visual.output_dim, real["names"])
    learned = [w for w in list(model.parameters()) + list(heads.parameters()) if w.requires_grad]
    shared = learned + [b for m in (model, heads) for b in m.buffers() if b.is_floating_point() and b.numel() and b is not model.attn_mask]
    adam, workers = optimiser(learned), Workers(int(sys.argv[5]) if len(sys.argv) > 5 else 2)
    rng = np.random.default_rng([3, workers.rank])
    asked = losses.sentences(words, model, [p for p in captions.PRODUCTS if p != "texture"], rng)
    rings = [losses.sentences(words, model, ["ring"], rng)["ring"] for _ in range(RING_PHRASINGS)]
    step, begin, saved, over = 0, time.time(), time.time(), False
    while not over:
        spent = (time.time() - begin) / 60
        for group in adam.param_groups:
            group["lr"] = rate_at(step, spent / minutes)
        asked["ring"] = rings[int(rng.integers(len(rings)))]
        loss, parts = loss_of(model, heads, kept, asked, truth, words, step, rng)
        adam.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 3.0)
        adam.step()
        with torch.no_grad():
            model.logit_scale.clamp_(0, math.log(60))
        step += 1
        if step % MEAN_STEPS == 0:
            workers.mean(shared)
            over = workers.any(spent > minutes)
        if workers.rank == 0 and (over or time.time() - saved > SAVE_SECONDS):
            saved = time.time()
            print(f"step {step} min {spent:.1f}", {k: round(v, 3) for k, v in parts.items()}, flush=True)
            torch.save(dict(model=model.state_dict(), step=step, spent=spent, seen=step * workers.count * BATCH, config="cpu",
                            words=words.known), out + ".new")
            os.replace(out + ".new", out)


if __name__ == "__main__":
    main()
