"""Which pictures are taken, refused and listed, and what is written."""
import json
import os
import shutil
import struct
import subprocess
import zlib

from tap import CLI, PATIENCE_S, PICTURES, main, read_safetensors


def png(width=8, height=8, colour=(200, 50, 50)):
    """A sound RGB PNG of one colour."""
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    rows = (b"\0" + bytes(colour) * width) * height
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def put(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def embed(home, *args, **more):
    return home.run("embed", "-o", home.file("out"), *args, **more)


def read(home):
    tensors, metadata = read_safetensors(home.file("out"))
    return tensors, json.loads(metadata["paths"])


def folders_are_walked_in_order(home):
    for name in ("b.png", "a.PNG", ".hidden.png", "notes.txt", "sub/c.png", "sub/.x/d.png"):
        put(home.file("photos", name), png())
    embed(home, home.file("photos")).expect(0)
    tensors, paths = read(home)
    assert paths == [home.file("photos", n) for n in ("a.PNG", "b.png", "sub/c.png")]
    assert len(tensors["image_features"]) == 3 and "text_features" not in tensors


def a_list_comes_on_stdin(home):
    put(home.file("a.png"), png())
    put(home.file("dir", "b.png"), png())
    put(home.file("last.png"), png())
    embed(home, "-", home.file("last.png"), stdin=b"a.png\n\ndir\n").expect(0)
    assert read(home)[1] == ["a.png", "dir/b.png", home.file("last.png")]


def a_list_of_windows_is_read(home):
    put(home.file("a.png"), png())
    put(home.file("b.png\r"), png())
    embed(home, "-", stdin=b"a.png\r\n\r\nb.png\r\n").expect(0)
    assert read(home)[1] == ["a.png", "b.png\r"]


def a_list_without_a_picture_is_said(home):
    for stdin in (b"", b"\n\n", b"\r\n"):
        embed(home, "-", stdin=stdin).expect(3, "names no picture")
        assert not os.path.exists(home.file("out"))
    put(home.file("a.png"), png())
    embed(home, "-", stdin=b"a.png\0b.png\0").expect(1, "NUL")
    assert not os.path.exists(home.file("out"))


def folders_that_are_too_deep_are_named(home):
    put(home.file("top", *["d"] * 64, "a.png"), png())
    embed(home, "top").expect(0)
    put(home.file("top", *["d"] * 66, "b.png"), png())
    r = embed(home, "top").expect(3, "more than 64 folders deep")
    assert r.err.count("\n") == 1 and len(read(home)[1]) == 1


def refused_ones_are_listed_and_the_rest_is_written(home):
    put(home.file("good.png"), png())
    put(home.file("cut.png"), png()[:40])
    put(home.file("text.jpg"), b"no picture")
    os.mkdir(home.file("empty"))
    os.mkfifo(home.file("fifo.png"))
    args = [home.file(n) for n in ("cut.png", "good.png", "text.jpg", "none.png", "empty", "fifo.png", "good.png")]
    r = embed(home, *args).expect(3, *[home.file(n) for n in ("cut.png", "text.jpg", "none.png", "empty", "fifo.png")])
    assert r.err.count("\n") == 5
    tensors, paths = read(home)
    assert paths == [home.file("good.png")] * 2
    assert tensors["image_features"][0] == tensors["image_features"][1]


def nothing_usable_writes_nothing(home):
    embed(home, home.file("none.png")).expect(3, "none.png")
    os.mkdir(home.file("empty"))
    embed(home, home.file("empty")).expect(3, "empty")
    assert not os.path.exists(home.file("out"))


def texts_without_a_usable_picture_are_written(home):
    embed(home, "--text", "a ring", home.file("none.png")).expect(3, "none.png")
    tensors, paths = read(home)
    assert paths == [] and len(tensors["text_features"]) == 1 and tensors["image_features"] == []


def texts_alone(home):
    embed(home, "--text", "a ring", "--text", "", "--text", "-x").expect(0)
    tensors, paths = read(home)
    assert paths == [] and len(tensors["text_features"]) == 3 and "image_features" not in tensors


def names_of_any_bytes(home):
    name = os.fsencode(home.path) + b"/bad-\xff\\ \n\x1b[31m.png"
    put(name, png())
    embed(home, name).expect(0)
    assert read(home)[1] == [home.path + "/bad-\\xff\\\\ \n\x1b[31m.png"]
    os.remove(name)
    r = embed(home, name).expect(3, "bad-\\xff")
    assert "\x1b" not in r.err and r.err.count("\n") == 1
    table = home.run("classify", "--class", "a", "--class", "b", os.path.join(PICTURES, "good.jpg"), name).expect(3)
    assert "\x1b" not in table.out + table.err


def odd_names(home):
    names = ["-dash.png", "--model", "sp ace.png", "\u00e4\u03b1\U0001f529.png", "n" * 251 + ".png"]
    for name in names:
        put(home.file(name), png())
    embed(home, "--", *names).expect(0)
    assert read(home)[1] == names


def order_is_kept_over_many_batches(home):
    """50 pictures of 50 colours, refused ones between them."""
    paths = []
    for k in range(50):
        path = home.file("%02d.png" % k)
        put(path, png(40, 30, (5 * k, 255 - 5 * k, (37 * k) % 256)))
        paths.append(path)
    mixed = []
    for path in paths:
        mixed += [path, path + ".missing"] if path.endswith("3.png") else [path]
    embed(home, "-p", "f32", "--no-cache", *mixed).expect(3)
    together, listed = read(home)
    assert listed == paths
    for k in (0, 7, 8, 31, 49):
        embed(home, "-p", "f32", "--no-cache", paths[k]).expect(0)
        alone = read(home)[0]["image_features"][0]
        assert max(abs(a - b) for a, b in zip(alone, together["image_features"][k])) < 1e-5


def whole(path):
    with open(path, "rb") as f:
        return f.read()


def remembered_rows_are_the_computed_ones(home):
    """The first run fills the cache, the second needs no device; bytes are equal, also in another order."""
    pictures = sorted(os.path.join(PICTURES, name) for name in os.listdir(PICTURES))
    own = {"XDG_CACHE_HOME": home.file("cache")}
    texts = ["--text", "a bearing ring", "--text", "a cat"]
    embed(home, *texts, *pictures, env=own).expect(0)
    first = whole(home.file("out"))
    # A text or a picture that is not there would want the device, which has no such name.
    none = {**own, "HANDFUL_DEVICE": "no such device"}
    embed(home, *texts, *pictures, env=none).expect(0)
    assert whole(home.file("out")) == first
    embed(home, *texts, "--no-cache", *pictures, env=none).expect(1, "no such device")
    embed(home, *texts, "--no-cache", *pictures, env=own).expect(0)
    assert whole(home.file("out")) == first
    rows = read(home)[0]["image_features"]
    new = home.file("new.png")
    put(new, png(30, 20))
    embed(home, new, *reversed(pictures), env=own).expect(0)
    assert read(home)[0]["image_features"][1:] == rows[::-1]
    asked = ["classify", "--json", "--class", "good", "--class", "rusty", *pictures]
    fresh = home.run(*asked, "--no-cache", env=own).expect(0).out
    assert home.run(*asked, env=own).expect(0).out == fresh
    assert home.run(*asked, env=none).expect(0).out == fresh


def views_are_rows_of_their_own(home):
    """A row of four views is that of any of the four, and is not that of one."""
    picture = os.path.join(PICTURES, "rusty.jpg")
    rows = {}
    for n in ("1", "4", "8"):
        embed(home, "--views", n, picture).expect(0)
        tensors, metadata = read_safetensors(home.file("out"))
        assert metadata["views"] == n
        rows[n] = tensors["image_features"][0]
        assert abs(sum(x * x for x in rows[n]) - 1) < 1e-4
    assert rows["1"] != rows["4"] and rows["4"] != rows["8"]
    embed(home, "--views", "2", picture).expect(2, "1, 4 or 8")
    asked = ["classify", "--json", "--class", "a", "--class", "b", picture]
    one, four = (home.run(*asked, "--views", n).expect(0).lines()[0] for n in "14")
    assert one["probabilities"] != four["probabilities"]


def framing_matters_and_is_noted(home):
    picture = os.path.join(PICTURES, "gear_wide.jpg")
    rows = {}
    for framing in ("crop", "whole", "region:0,0,0.5,0.5", "region:0,0,1,1"):
        embed(home, "--framing", framing, picture).expect(0)
        tensors, metadata = read_safetensors(home.file("out"))
        rows[framing] = tensors["image_features"][0]
        assert metadata["framing"].startswith(framing.split(":")[0])
    assert rows["crop"] != rows["whole"] and rows["crop"] != rows["region:0,0,0.5,0.5"]
    assert rows["crop"] == rows["region:0,0,1,1"]


def classify_lists_refused_ones(home):
    r = home.run("classify", "--json", "--class", "a", "--class", "b", os.path.join(PICTURES, "good.jpg"),
                 home.file("none.png"), os.path.join(PICTURES, "rusty.jpg")).expect(3, "none.png")
    assert [os.path.basename(x["path"]) for x in r.lines()] == ["good.jpg", "rusty.jpg"]
    home.run("classify", "--class", "a", "--class", "b", home.file("none.png")).expect(3, "none.png")


def classes_the_model_cannot_tell_apart_are_said(home):
    picture = os.path.join(PICTURES, "good.jpg")
    for a, b in (("rust", "Rust"), ("rust", " rust "), ("1 " * 80 + "a", "1 " * 80 + "b")):
        args = ("classify", "--json", "--class", "x", "--class", a, "--class", b, picture)
        r = home.run(*args).expect(0, "are the same to the model")
        p = r.lines()[0]["probabilities"]
        assert p[a] == p[b]
        assert home.run(*args, "--strict").expect(2, "the model").out == ""
    # A template so long that no class is left of it is cut like any text.
    home.run("classify", "--template", "1 " * 80 + "{class}", "--class", "a", "--class", "b",
             picture).expect(0, "its end is cut off")
    r = home.run("classify", "--class", "rust", "--class", "rusty", picture).expect(0)
    assert r.err == ""


def one_class_is_certain(home):
    r = home.run("classify", "--json", "--class", "a", os.path.join(PICTURES, "good.jpg")).expect(0)
    assert r.lines()[0]["probabilities"] == {"a": 1}


def the_table_is_for_people(home):
    r = home.run("classify", "--class", "good", "--class", "rusty", PICTURES).expect(0)
    lines = r.out.splitlines()
    assert lines[0].split() == ["picture", "class", "good", "rusty"] and len(lines) == 7
    assert len({len(line) for line in lines}) == 1
    for line in lines[1:]:
        assert abs(sum(float(x) for x in line.split()[-2:]) - 100) < 0.15


def an_output_that_cannot_be_written(home):
    picture = os.path.join(PICTURES, "good.jpg")
    r = home.run("embed", "-o", home.file("no", "such", "folder"), picture).expect(1, "folder")
    assert r.err.count("\n") == 1
    # At once, not after all pictures: a list that never ends is not read.
    reading, writing = os.pipe()
    for out in (home.file("no", "out"), home.path):
        r = subprocess.run([CLI, "embed", "-o", out, "-"], stdin=reading, stderr=subprocess.PIPE,
                           env=home.environment(), timeout=PATIENCE_S)
        assert r.returncode == 1 and b"folder" in r.stderr, r
    os.close(reading)
    os.close(writing)
    put(home.file("old"), b"old")
    shutil.copy(picture, home.file("p.jpg"))
    home.run("embed", "--model", home.file("p.jpg"), "-o", home.file("old"), picture).expect(1, "p.jpg")
    with open(home.file("old"), "rb") as f:
        assert f.read() == b"old"


main(folders_are_walked_in_order, a_list_comes_on_stdin, a_list_of_windows_is_read,
     a_list_without_a_picture_is_said, folders_that_are_too_deep_are_named,
     refused_ones_are_listed_and_the_rest_is_written,
     nothing_usable_writes_nothing, texts_without_a_usable_picture_are_written, texts_alone, names_of_any_bytes,
     odd_names, order_is_kept_over_many_batches, remembered_rows_are_the_computed_ones,
     views_are_rows_of_their_own, framing_matters_and_is_noted, classify_lists_refused_ones,
     classes_the_model_cannot_tell_apart_are_said, one_class_is_certain, the_table_is_for_people, an_output_that_cannot_be_written)
