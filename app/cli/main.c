/* main.c: handful-cli. Finds the verb and runs it. */
#include "app/cli/options.h"
#include "app/cli/output.h"
#include "app/places.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static const HfVerb verbs[] = {
    {"bakeoff", "",
     "Compares models, precisions, features and views on the same folds.",
     "Accuracy with its interval, milliseconds a picture from file to "
     "features, and size.\nSeveral are named with commas: --precision f32,f16 "
     "--features clip,classic --views 1,4.\nWithout --features it is clip.",
     "handful-cli bakeoff --labels data/sample/truth.csv "
     "--model starter",
     hf_verb_bakeoff},
    {"bench", "", "Measures pictures and prompts a second on a device.",
     "Only the towers are timed: pixels and tokens are ready before. Shown are "
     "the\nmedian and the slowest and fastest call.",
     "handful-cli bench --batch 1 --batch 32 --json", hf_verb_bench},
    {"classify", "PATH...",
     "Says which of the named classes each picture shows.",
     "PATH is a picture, a folder (with everything below it), or - for a list "
     "on stdin,\none path a line. Each class is described by every template; "
     "their mean counts.\nA byte of a name that is not UTF-8 is shown as "
     "\\xNN, "
     "and a backslash in such a\nname as two.",
     "handful-cli classify --class good --class rusty "
     "--template \"a photo of a {class} bearing ring\" photos/",
     hf_verb_classify},
    {"devices", "", "Lists the OpenCL devices, and which one is used.", NULL,
     "handful-cli devices --json", hf_verb_devices},
    {"doctor", "",
     "Says whether Handful works on this machine, and what to do if not.", NULL,
     "handful-cli doctor", hf_verb_doctor},
    {"doubt", "",
     "Lists labels that a probe which did not see them contradicts.", NULL,
     "handful-cli doubt --project rings.handful -n 5", hf_verb_doubt},
    {"embed", "PATH...",
     "Writes the unit vectors of pictures and texts to a safetensors file.",
     "PATH is a picture, a folder (with everything below it), or - for a list "
     "on stdin,\none path a line. OUT holds image_features [n,d] and "
     "text_features [m,d], F32, and\nin its metadata the paths and texts as "
     "JSON lists. A byte of a name that is not\nUTF-8 is written as \\xNN, and "
     "a backslash in such a name as two.",
     "handful-cli embed --text \"a scratched part\" -o out.safetensors photos/",
     hf_verb_embed},
    {"evaluate", "",
     "Measures probes on labelled pictures that they did not see.",
     "Every rate comes as k of n with an interval of 95 %. Pictures of one lot "
     "stay on\none side of every split (--groups). Escape rate (defects called "
     "good) and overkill\n(good parts called anything else) need a good class "
     "(--good). Several probes are\ncompared on the same folds; prompt "
     "learns words, which takes minutes:\n  handful-cli evaluate --labels "
     "data/sample/truth.csv --good good \\\n    --probe gda --probe prompt",
     "handful-cli evaluate --labels data/sample/truth.csv "
     "--good good",
     hf_verb_evaluate},
    {"label", "VERB", "Labels the pictures of a project.", NULL,
     "handful-cli label import --project rings.handful data/sample/given.csv",
     hf_verb_label},
    {"models", "VERB", "Lists, describes, adds, removes and downloads models.",
     NULL, "handful-cli models list", hf_verb_models},
    {"predict", "NAME.probe PATH...",
     "Judges pictures with a probe: class, probabilities and verdict.",
     "PATH is a picture, a folder (with everything below it), or - for a list "
     "on stdin,\none path a line, each answered as it comes. The model is the "
     "one inside the bundle,\nelse the installed one of its identity.",
     "handful-cli predict rings.probe --json photos/", hf_verb_predict},
    {"project", "VERB",
     "Makes, describes, changes, checks and recovers projects.",
     "A project is one file, NAME.handful, that knows pictures and their "
     "labels. "
     "The\npictures stay where they are.",
     "handful-cli project new rings.handful data/sample/rings",
     hf_verb_project},
    {"proof", "", "Says how many parts show that a rate is low enough.",
     "At 95 % confidence, by the exact binomial distribution (Clopper and "
     "Pearson 1934).",
     "handful-cli proof --max-rate 1% --faults 1", hf_verb_proof},
    {"report", "", "Writes what an auditor wants to know of a project's probe.",
     "Rates with their intervals, where the probe errs, the worst misses as "
     "pictures, labels\nby class and lot, acceptance set, and the hashes all "
     "that can be traced by. The end\nof the name decides the form: .pdf, one "
     ".html page, or .json. Equal labels, settings\nand --time give equal "
     "bytes.",
     "handful-cli report --labels data/sample/truth.csv "
     "--good good -o rings.pdf",
     hf_verb_report},
    {"suggest", "", "Says which pictures of a project to label next.",
     "First typical ones, then those the probe hesitates about; every fourth "
     "is drawn by lot\nand stays due until it is labelled, so that rates over "
     "such pictures are those of the\nline.",
     "handful-cli suggest --project rings.handful -n 12", hf_verb_suggest},
    {"tokens", "TEXT...",
     "Prints the token ids of texts, start and end token included.",
     "A text over 77 tokens is cut to 76 and the end token, with a warning.",
     "handful-cli tokens \"a photo of a rusty bearing ring\"", hf_verb_tokens},
    {"train", "", "Trains a probe on labelled pictures and writes a bundle.",
     "The labels are a project's, or those of a folder with a folder for each "
     "class, or of a\nCSV. The probe is cross-validated first; what is shown, "
     "and stands in the bundle, are\nrates on pictures that were held out. "
     "--probe prompt learns words through the model's\ntext tower, which takes "
     "minutes:\n  handful-cli train --labels data/sample/truth.csv --good good "
     "\\\n    --probe prompt --words 16 -o rings.probe",
     "handful-cli train --labels data/sample/truth.csv "
     "--good good -o rings.probe",
     hf_verb_train},
    {"verify", "NAME.probe",
     "Says whether a probe is whole and gives the same numbers here.",
     "Every member is checked against its SHA-256, the model against its "
     "identity, and\nthe bundle's own small pictures against the features "
     "and probabilities they must\ngive. Nothing is taken from the feature "
     "cache.",
     "handful-cli verify rings.probe", hf_verb_verify},
    {"watch", "NAME.probe DIR",
     "Judges the pictures that come into a folder, each once, as they come.",
     "A picture is judged when its writer is done with it. What is there at "
     "the start is\njudged too, unless an earlier run did. A verdict that "
     "nobody read comes again at\nthe next start. With --move a picture goes "
     "to DIR/VERDICT, or DIR/CLASS without a\ngood class, before its verdict "
     "is printed; never over another file.",
     "handful-cli watch rings.probe --json camera/", hf_verb_watch},
    {NULL},
};

static void
print_help (void)
{
  hf_output_text (
      "handful-cli: judges photographs of parts with CLIP models.\n\n"
      "Usage: handful-cli VERB [OPTION...] [ARGUMENT...]\n\nVerbs:\n");
  for (const HfVerb *verb = verbs; verb->name != NULL; verb++)
    hf_output_printf ("  %-10s %s\n", verb->name, verb->summary);
  hf_output_text (
      "\nhandful-cli VERB --help explains a verb; handful-cli --version prints "
      "the version.\n\n"
      "Exit status: 0 done; 1 the job failed; 2 wrong usage; 3 pictures were "
      "refused\nor missing, each is named on stderr with its reason.\n");
}

static int
run (int argc, char **argv)
{
  const HfVerb *verb;

  if (argc < 2) {
    hf_complain ("A verb is missing. See: handful-cli --help");
    return HF_EXIT_USAGE;
  }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h")) {
    print_help ();
    return HF_EXIT_DONE;
  }
  if (g_str_equal (argv[1], "--version")) {
    hf_output_printf ("handful-cli %s\n", hf_places_get_version ());
    return HF_EXIT_DONE;
  }
  verb = hf_verbs_find (verbs, argv[1]);
  if (verb == NULL) {
    hf_complain ("There is no verb \"%s\". See: handful-cli --help", argv[1]);
    return HF_EXIT_USAGE;
  }
  return verb->run (verb, argc - 1, argv + 1);
}

/* A closed stdin, stdout or stderr would be the number of the next file that
 * is opened, and messages would be written into it. What takes the place here
 * cannot be read or written either. */
static void
keep_standard_streams (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0)
      (void) !open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int
main (int argc, char **argv)
{
  int status;

  keep_standard_streams ();
  /* `handful-cli ... | head` ends with head, whoever started us. */
  signal (SIGPIPE, SIG_DFL);
  /* A file over the limit of `ulimit -f` is a failed write, no crash. */
  signal (SIGXFSZ, SIG_IGN);
  status = run (argc, argv);
  if (!hf_output_finish () && status == HF_EXIT_DONE)
    status = HF_EXIT_FAILED;
  return status;
}
