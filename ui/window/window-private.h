/* ui/window/window-private.h: the window's struct, and what its files do for
 * each other. window.c has the life and the workspace, header.c what the header
 * bar shows, actions.c what is done by name, choosing.c how files get in,
 * memory.c what is remembered. */
#pragma once

#include "ui/welcome/recents.h"
#include "ui/window/jobs-button.h"
#include "ui/window/notice.h"
#include "ui/window/question.h"
#include "ui/window/window.h"

struct _HfWindow {
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwViewStack *pages;
  GtkWidget *evaluate_page;
  AdwHeaderBar *header;
  GtkStack *title_stack;
  AdwViewSwitcherBar *switcher_bar;
  GtkToggleButton *sidebar_button;
  GtkWidget *open_button, *undo_button, *redo_button, *report_button;
  GtkMenuButton *menu_button;
  HfJobsButton *jobs_button;
  HfNotice *notice;
  GMenuModel *main_menu, *narrow_menu;
  GMenu *recent_menu;

  GSettings *settings;
  HfRecents *recents;
  HfQuestion *question;
  GListStore *job_lists; /* GListModel of HfJob: the models', the project's */
  HfWorkspace *workspace;
  GCancellable *opening;
  char *opening_path; /* what is being opened, or NULL */
  GBinding *sidebar_binding;
  GtkFileChooserNative *chooser;
  GtkWidget *framing; /* its window, or NULL */
  char *lost_path;    /* the project that is chosen anew, or NULL */
  int wide_px;        /* that the wide header bar needs */
  gboolean is_narrow;
  gboolean is_roomy;
  guint narrow_idle;
};

/* Shows in the header bar what can be used now. */
void hf_window_update_header (HfWindow *self);
/* The width decides; takes effect before the next frame. */
void hf_window_update_narrow (HfWindow *self, int width);
void hf_window_bind_sidebar (HfWindow *self);
void hf_window_notify_narrow (HfWindow *self);

void hf_window_install_actions (GtkWidgetClass *class);
void hf_window_update_actions (HfWindow *self);

/* The actions by which files get in, and the drop of files. */
void hf_window_install_choosing (GtkWidgetClass *class);
void hf_window_accept_drops (HfWindow *self);
/* The menu of recent projects follows their list. */
void hf_window_fill_recent_menu (HfWindow *self);

/* Pages and settings follow each other, where they have a name in common. */
void hf_window_remember_project (HfWindow *self);
void hf_window_recall_project (HfWindow *self);

void hf_window_set_workspace (HfWindow *self, HfWorkspace *workspace);
void hf_window_open_path (HfWindow *self, const char *path);
