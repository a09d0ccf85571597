/* try-area.c: see the header. A bundle is opened for each picture anew: what
 * answers is the file as it is, and opening one takes well under a second. */
#include "ui/export/try-area.h"

#include "app/inspect/inspector.h"
#include "ui/application.h"
#include "ui/owned-task.h"
#include "ui/widgets/mark.h"
#include "ui/workspace/class-item.h"

#include <glib/gi18n.h>

struct _HfTryArea {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkStack *stack;
  HfMark *mark;
  GtkLabel *title, *subtitle;

  GtkFileChooserNative *chooser;
  char *bundle, *device, *answer;
  guint asked; /* the newest question; answers to older ones are dropped */
};

G_DEFINE_FINAL_TYPE (HfTryArea, hf_try_area, GTK_TYPE_WIDGET)

typedef struct {
  char *bundle, *device, *path;
  guint number;
  char *class_name, *refused; /* one of them, once it is done */
  double probability;
  HfVerdict verdict;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_free (self->bundle);
  g_free (self->device);
  g_free (self->path);
  g_free (self->class_name);
  g_free (self->refused);
  g_free (self);
}

typedef struct {
  Question *question;
  const HfBundleContent *content;
} Asked;

static gboolean
judged_cb (gsize index, const HfJudgement *judgement, const GError *refused,
           gpointer data, GError **error)
{
  const Asked *asked = data;
  Question *question = asked->question;

  if (judgement == NULL) {
    question->refused = g_strdup (refused->message);
    return TRUE;
  }
  question->class_name =
      hf_class_dup_shown_name (asked->content->classes[judgement->class_id]);
  question->probability = judgement->probabilities[judgement->class_id];
  question->verdict = judgement->verdict;
  return TRUE;
}

static void
ask_thread (GTask *task, gpointer source, gpointer data,
            GCancellable *cancellable)
{
  Question *question = data;
  const HfInspectorOptions how = {.device = question->device};
  const char *const paths[] = {question->path};
  GError *error = NULL;
  g_autoptr (HfInspector) inspector =
      hf_inspector_open (question->bundle, &how, NULL, &error);
  Asked asked = {.question = question};

  if (inspector != NULL)
    asked.content = hf_inspector_get_content (inspector);
  if (inspector == NULL || !hf_inspector_judge (inspector, paths, 1, judged_cb,
                                                &asked, NULL, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static const char *
get_verdict_words (HfVerdict verdict)
{
  switch (verdict) {
  case HF_VERDICT_PASS:
    return _("passes");
  case HF_VERDICT_REJECT:
    return _("is rejected");
  case HF_VERDICT_UNSURE:
    return _("unsure: a person decides");
  case HF_VERDICT_UNKNOWN:
    return _("unlike everything labelled");
  case HF_VERDICT_CLASS:
  default:
    return "";
  }
}

static void
show (HfTryArea *self, HfMarkKind kind, const char *title, const char *subtitle)
{
  hf_mark_set_kind (self->mark, kind);
  gtk_stack_set_visible_child_name (self->stack,
                                    kind != HF_MARK_NONE ? "mark" : "icon");
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
}

static void
show_answer (HfTryArea *self, const Question *question)
{
  g_autofree char *file = g_filename_display_basename (question->path);
  g_autofree char *title = NULL;
  const char *words = get_verdict_words (question->verdict);

  if (question->refused != NULL) {
    show (self, HF_MARK_BROKEN, file, question->refused);
    g_free (self->answer);
    self->answer = g_strdup (question->refused);
    return;
  }
  title = g_strdup_printf (
      /* Translators: a class and how sure, "rusty 97 %". */
      _("%s %.0f %%"), question->class_name, 100 * question->probability);
  g_free (self->answer);
  self->answer = *words != '\0' ? g_strdup_printf ("%s: %s", title, words)
                                : g_strdup (title);
  show (self,
        question->verdict == HF_VERDICT_CLASS
            ? HF_MARK_PASS
            : hf_mark_of_verdict (question->verdict),
        self->answer, file);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfTryArea *self = HF_TRY_AREA (source);
  const Question *question = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gboolean ok = g_task_propagate_boolean (G_TASK (result), &error);

  if (question->number != self->asked || self->box == NULL)
    return;
  if (ok)
    show_answer (self, question);
  else
    show (self, HF_MARK_BROKEN,
          _("The bundle gave no answer"), error->message);
}

void
hf_try_area_try (HfTryArea *self, const char *path)
{
  g_autoptr (GTask) task = NULL;
  Question *question;

  if (self->bundle == NULL)
    return;
  question = g_new0 (Question, 1);
  question->bundle = g_strdup (self->bundle);
  question->device = g_strdup (self->device);
  question->path = g_strdup (path);
  question->number = ++self->asked;
  gtk_stack_set_visible_child_name (self->stack, "working");
  task = hf_owned_task_new (self, NULL, asked_cb, NULL);
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, ask_thread);
}

static gboolean
dropped_cb (GtkDropTarget *target, const GValue *value, double x, double y,
            gpointer data)
{
  g_autofree char *path = g_file_get_path (g_value_get_object (value));

  if (path == NULL)
    return FALSE;
  hf_try_area_try (data, path);
  return TRUE;
}

static void
chosen_cb (GtkNativeDialog *chooser, int response, gpointer data)
{
  HfTryArea *self = data;
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT) {
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
    path = g_file_get_path (file);
  }
  if (path != NULL)
    hf_try_area_try (self, path);
  g_clear_object (&self->chooser);
}

static void
choose_cb (HfTryArea *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (
      _("Try a Picture"), GTK_WINDOW (root), GTK_FILE_CHOOSER_ACTION_OPEN,
         _("_Try"), NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb),
                           self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
hf_try_area_dispose (GObject *object)
{
  HfTryArea *self = HF_TRY_AREA (object);

  g_clear_object (&self->chooser);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), HF_TYPE_TRY_AREA);
  G_OBJECT_CLASS (hf_try_area_parent_class)->dispose (object);
}

static void
hf_try_area_finalize (GObject *object)
{
  HfTryArea *self = HF_TRY_AREA (object);

  g_free (self->bundle);
  g_free (self->device);
  g_free (self->answer);
  G_OBJECT_CLASS (hf_try_area_parent_class)->finalize (object);
}

static void
hf_try_area_class_init (HfTryAreaClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_try_area_dispose;
  G_OBJECT_CLASS (class)->finalize = hf_try_area_finalize;
  g_type_ensure (HF_TYPE_MARK);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/export/try-area.ui");
  gtk_widget_class_bind_template_child (widget_class, HfTryArea, box);
  gtk_widget_class_bind_template_child (widget_class, HfTryArea, stack);
  gtk_widget_class_bind_template_child (widget_class, HfTryArea, mark);
  gtk_widget_class_bind_template_child (widget_class, HfTryArea, title);
  gtk_widget_class_bind_template_child (widget_class, HfTryArea, subtitle);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
}

static void
hf_try_area_init (HfTryArea *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (drop, "drop", G_CALLBACK (dropped_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
}

void
hf_try_area_set_bundle (HfTryArea *self, const char *path, const char *device)
{
  g_free (self->bundle);
  self->bundle = g_strdup (path);
  g_free (self->device);
  self->device = g_strdup (device);
  g_clear_pointer (&self->answer, g_free);
  self->asked++;
  show (self, HF_MARK_NONE,
        _("Drop a picture to try the bundle"),
           _("the answer comes from the file just written"));
}

const char *
hf_try_area_get_answer (HfTryArea *self)
{
  return self->answer;
}
