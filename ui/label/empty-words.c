/* empty-words.c: see the header. */
#include "ui/label/empty-words.h"

#include <glib/gi18n.h>

static const struct {
  const char *title, *reason;
} views[HF_N_VIEWS] = {
    [HF_VIEW_NEXT] = {
        N_ ("No Suggestions Yet"),
            N_ ("They come as soon as pictures have been looked at "
                          "by the model.")},
        [HF_VIEW_ALL] = {
            N_ ("No Pictures Here"),
                N_ ("The project has no pictures. Add a folder of them, or drop "
                    "one here.")},
            [HF_VIEW_UNLABELLED] = {
                N_ ("All Labelled"),
                    N_ ("Every picture that can be read has a label.")},
                [HF_VIEW_LABELLED] = {
                    N_ ("No Labels Yet"),
                        N_ ("Select pictures and press the key of a class, "
                              "as 1 or 2.")},
                    [HF_VIEW_DOUBTFUL] = {
                        N_ ("No Doubtful Labels"),
                            N_ ("A label is doubted when the other labelled "
                              "pictures speak against it.")},
                        [HF_VIEW_WRONG] = {N_ ("Nothing Wrong"),
                            N_ ("Labelled pictures stand here that are called "
                           "another class when they are held out.")},
                                           [HF_VIEW_UNREADABLE] = {N_ ("All Readable"),
                                               N_ ("Files that cannot be shown stand here, with "
                                "the reason.")},
};

static gboolean
is_scanning (HfWorkspace *workspace)
{
  gboolean scanning = FALSE;

  if (workspace != NULL)
    g_object_get (workspace, "scanning", &scanning, NULL);
  return scanning;
}

void
hf_empty_words_init (HfEmptyWords *self, HfWorkspace *workspace,
                     HfShownPictures *pictures)
{
  const HfPictureQuery *query = hf_shown_pictures_get_query (pictures);
  gboolean any = hf_shown_pictures_get_count (pictures, HF_VIEW_ALL) > 0;

  *self = (HfEmptyWords){_ (views[query->view].title),
                            _ (views[query->view].reason), NULL, NULL};
  if (!any && is_scanning (workspace)) {
    self->title = _ ("Looking for Pictures");
    self->reason = _ ("The folders of the project are looked through.");
    return;
  }
  if (!any) {
    self->title = _ (views[HF_VIEW_ALL].title);
    self->reason = _ (views[HF_VIEW_ALL].reason);
    self->button = _ ("Add Folder…");
    self->action = "label.add-folder";
    return;
  }
  self->button = _ ("Show All Pictures");
  self->action = "label.show-all";
  if (query->words != NULL) {
    self->title = _ ("No Pictures Found");
    self->reason = _ ("No name has these letters in it.");
  } else if (query->missed_id != 0) {
    self->title = _ (views[HF_VIEW_WRONG].title);
    self->reason = _ ("No picture of this class is called that other class.");
  } else if (query->class_id != 0) {
    self->title = _ ("No Pictures of This Class");
    self->reason = _ (views[HF_VIEW_LABELLED].reason);
  } else if (query->source_id != 0) {
    self->title = _ ("No Pictures in This Folder");
    self->reason = _ ("The folder has no pictures that can be read.");
  }
}
