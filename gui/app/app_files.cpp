// What the window opens: models, saved runs, texts; picked, dropped, opened lately.
#include <imgui.h>

#include <span>

#include "engine/core/error.hpp"
#include "gui/app/app.hpp"
#include "gui/app/opening_card.hpp"

namespace sketchscope {
namespace {

/// What the tokens say; ids apart by spaces where there is no tokenizer.
std::string run_text(const ModelInfo& model, std::span<const int> tokens) {
  std::string text;
  for (const int token : tokens) {
    if (model.tokenizer) {
      text += model.tokenizer->bytes_of(token);
    } else {
      text += (text.empty() ? "" : " ") + std::to_string(token);
    }
  }
  return text;
}

std::string recent_action(std::size_t index) {
  return "recent_" + std::to_string(index + 1);
}

}  // namespace

void App::add_file_actions() {
  const auto can_open = [this] { return opener_ != nullptr; };
  actions_.add({.name = "file_menu",
                .title = "File menu",
                .help = "Open, save, quit",
                .only_opens = true,
                .run = [this] { file_menu_.open(); }});
  actions_.add(
      {.name = "open",
       .title = "Open…",
       .help = "A GPT-2 directory, a .scope run, a folder of results, or a text as the prompt",
       .key = KeyChord{.key = key_of('O'), .control = true},
       .only_opens = true,
       .enabled = can_open,
       .run = [this] {
         const bool any = !settings_.recent.empty();
         file_picker_.open(any ? settings_.recent.front().path.parent_path() : ".");
       }});
  actions_.add({.name = "cancel_open",
                .title = "Stop opening",
                .help = "What was opened before stays on the screen",
                .enabled = [this] { return opening() != nullptr; },
                .run = [this] { opener_->cancel(); }});
  actions_.add({.name = "continue_run",
                .title = "Continue this run",
                .help = "Its steps again, by the model that made them, and then on from its end",
                .enabled =
                    [this, can_open] {
                      return can_open() && state_->phase == RunPhase::saved && opening() == nullptr;
                    },
                .run = [this] { continue_run(); }});
  const auto any = [this] { return !history_.empty(); };
  actions_.add({.name = "copy_text",
                .title = "Copy the text",
                .help = "Prompt and what was generated, to the clipboard",
                .key = KeyChord{.key = key_of('C'), .control = true},
                .enabled = any,
                .run = [this] {
                  ImGui::SetClipboardText(run_text(source_.model(), history_.tokens()).c_str());
                  notices_.add(Notice::Kind::information, "Copied the text to the clipboard");
                }});
  actions_.add({.name = "paste_prompt",
                .title = "Paste as a prompt…",
                .help = "Opens the prompt with the text of the clipboard",
                .key = KeyChord{.key = key_of('V'), .control = true},
                .only_opens = true,
                .run = [this] {
                  const char* text = ImGui::GetClipboardText();
                  prompt_editor_.open(text != nullptr ? text : "");
                }});
  for (std::size_t index = 0; index < kMostRecent; ++index) {
    actions_.add({.name = recent_action(index),
                  .title = "Open again",
                  .help = "What was opened lately",
                  .enabled = [this, can_open,
                              index] { return can_open() && index < settings_.recent.size(); },
                  .run = [this, index] { open(settings_.recent[index].path); }});
  }
}

void App::set_opener(Opener& opener) {
  opener_ = &opener;
}

const Opening* App::opening() const {
  return opener_ != nullptr ? opener_->current() : nullptr;
}

void App::open(const std::filesystem::path& path) {
  recorder_.note_open(path);
  try {
    const Openable found = openable_at(path);
    if (found.kind == OpenableKind::text) {
      send_(command::Restart{read_prompt_file(found.path)}, "restart");
      return remember(found);
    }
    if (found.kind == OpenableKind::study) {
      open_study(found.path);
      return remember(found);
    }
    if (opener_ == nullptr) {
      throw Error({.what = "cannot open " + path.string(), .expected = "a window that may"});
    }
    opening_ = found;
    if (found.kind == OpenableKind::run) return opener_->open_run(found.path);
    const bool live = state_->phase != RunPhase::saved;
    opener_->open_model(found.path, {.knobs = state_->wanted,
                                     .prompt = source_.prompt(),
                                     .twin = state_->twin,
                                     .audit = state_->audit,
                                     .running = !live || state_->phase == RunPhase::running,
                                     .tokens_per_second = state_->speed});
  } catch (const Error& error) {
    notices_.add(Notice::Kind::error, error.what());
  }
}

void App::exchange_run() {
  for (const auto& path : platform_.take_dropped()) open(path);
  if (opener_ == nullptr) return;
  try {
    if (!opener_->exchange()) return;
  } catch (const Cancelled& cancelled) {
    return notices_.add(Notice::Kind::information, cancelled.what());
  } catch (const std::exception& error) {
    return notices_.add(Notice::Kind::error, error.what());
  }
  // Nothing that was read or chosen is of this run.
  history_.clear();
  other_history_.clear();
  selection_ = Selection{.divergence_scale = selection_.divergence_scale};
  undo_.clear();
  told_stop_.clear();
  state_ = source_.state();
  platform_.set_title("SketchScope · " + opening_.path.filename().string());
  opened_ = opening_;
  remember(opened_);
}

void App::continue_run() {
  opening_ = {OpenableKind::run, source_.file()};
  notes_to_keep_ = notes_;
  opener_->continue_run(source_.file());
}

void App::remember(const Openable& opened) {
  change_settings([&](Settings& settings) { remember_opened(settings, opened); });
  title_recent();
}

void App::title_recent() {
  for (std::size_t index = 0; index < settings_.recent.size(); ++index) {
    const Openable& opened = settings_.recent[index];
    actions_.retitle(recent_action(index), "Open again: " + opened.path.filename().string(),
                     std::string(openable_name(opened.kind)) + " " + opened.path.string());
  }
}

Rect App::draw_files(const ControlContext& controls, const Rect& area, const Rect& window) {
  file_menu_.draw(controls, actions_);
  file_picker_.draw(controls, settings_.recent, window,
                    [this](const std::filesystem::path& path) { open(path); });
  if (opening() == nullptr) return area;
  bool cancelled = false;
  const Rect rest = draw_opening(controls, *opening(), area, cancelled);
  if (cancelled) opener_->cancel();
  return rest;
}

}  // namespace sketchscope
