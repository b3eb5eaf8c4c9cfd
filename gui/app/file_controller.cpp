#include "gui/app/file_controller.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "engine/core/error.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::app {
namespace {

/// Returns the tokens as text, or as ids if there is no tokenizer.
std::string run_text(const run::ModelInfo& model, std::span<const int> tokens) {
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

std::string former_action(std::size_t index) {
  return "former_" + std::to_string(index + 1);
}

/// Draws a card with the name and progress of a task at the lower right of `area`. Returns the area
/// above it. Sets `cancelled` if the person cancels.
plot::Rect draw_load_task(const widgets::ControlContext& context, const LoadTask& task,
                          const plot::Rect& area, bool& cancelled) {
  constexpr float kWidthInUnits = 30;
  constexpr float kHeightInUnits = 4.4F;
  const plot::Theme& theme = context.theme;
  const float unit = theme.unit();
  const float width = std::min(unit * kWidthInUnits, area.width() - 2 * theme.gap());
  const float bottom = area.bottom - theme.gap();
  const plot::Rect card{area.right - theme.gap() - width, bottom - unit * kHeightInUnits,
                        area.right - theme.gap(), bottom};
  widgets::begin_card_window(context, "Opening", card);
  const plot::Rect button{card.right - theme.padding() - unit * 6, card.top + unit * 0.8F,
                          card.right - theme.padding(), card.top + unit * 2.8F};
  const double share = std::clamp(task.share(), 0.0, 1.0);
  const std::string words = task.cancelled() ? "Giving up " + task.name() + "…"
                                             : "Opening " + task.name() + " · " +
                                                   std::to_string(std::lround(share * 100)) + " %";
  const plot::TextStyle style{.color = theme.text, .vertical = plot::VerticalAlign::middle};
  const float left = card.left + theme.padding();
  context.canvas.text({left, button.center().y},
                      panels::fitted_text(context.canvas, words, style, button.left - left - unit),
                      style);
  if (!task.cancelled() &&
      widgets::text_button(context, "Opening/cancel", button, "Cancel", widgets::Emphasis::plain,
                           "What was opened before stays on the screen.")) {
    cancelled = true;
  }
  const plot::Rect bar{left, card.bottom - unit * 1.05F, card.right - theme.padding(),
                       card.bottom - unit * 0.8F};
  context.canvas.fill(bar, theme.control, bar.height() / 2);
  plot::Rect done = bar;
  done.right = bar.left + bar.width() * static_cast<float>(share);
  context.canvas.fill(done, theme.accent, bar.height() / 2);
  ImGui::End();
  return {area.left, area.top, area.right, card.top + theme.gap() * 0.4F};
}

}  // namespace

void FileController::add_actions() {
  add_open_actions();
  add_text_actions();
  feeding_.add_actions(parts_.actions, [this] {
    picker_.open(".", [this](const std::filesystem::path& path) { feed(path); });
  });
  add_recent_actions();
  add_former_actions();
  title_recent();
}

void FileController::add_open_actions() {
  const auto can_open = [this] { return loader_ != nullptr; };
  parts_.actions.add("file_menu", "File menu", "Open, save, quit",
                     {.only_opens = true, .run = [this] { menu_.open(); }});
  parts_.actions.add(
      "open", "Open…",
      "A model's directory or GGUF file, a .scope run, a folder of results, or a text as the "
      "prompt",
      {.key = widgets::control_key('O'), .only_opens = true, .enabled = can_open, .run = [this] {
         const bool any = !parts_.settings.get().recent.empty();
         picker_.open(any ? parts_.settings.get().recent.front().path.parent_path() : ".",
                      [this](const std::filesystem::path& path) { open(path); });
       }});
  parts_.actions.add("lay_over", "Lay a saved run over this one…",
                     "Its curves in all charts over steps, as one of up to eight runs",
                     {.only_opens = true, .run = [this] {
                        picker_.open(".",
                                     [this](const std::filesystem::path& path) { lay_over(path); });
                      }});
  parts_.actions.add(
      "cancel_open", "Stop opening", "What was opened before stays on the screen",
      {.enabled = [this] { return opening() != nullptr; }, .run = [this] { loader_->cancel(); }});
  parts_.actions.add("continue_run", "Continue this run",
                     "Its steps again, by the model that made them, and then on from its end",
                     {.enabled =
                          [this, can_open] {
                            return can_open() && parts_.run.state().phase == run::RunPhase::saved &&
                                   opening() == nullptr;
                          },
                      .run = [this] { continue_run(); }});
}

void FileController::add_text_actions() {
  const auto any = [this] { return !parts_.run.history().empty(); };
  parts_.actions.add("copy_text", "Copy the text",
                     "Prompt and what was generated, to the clipboard",
                     {.key = widgets::control_key('C'), .enabled = any, .run = [this] {
                        ImGui::SetClipboardText(
                            run_text(parts_.run.model(), parts_.run.history().tokens()).c_str());
                        parts_.notices.add_information("Copied the text to the clipboard");
                      }});
  parts_.actions.add("paste_prompt", "Paste as a prompt…",
                     "Opens the prompt with the text of the clipboard",
                     {.key = widgets::control_key('V'), .only_opens = true, .run = [this] {
                        const char* text = ImGui::GetClipboardText();
                        parts_.control.write_prompt(text != nullptr ? text : "");
                      }});
}

void FileController::add_recent_actions() {
  for (std::size_t index = 0; index < kMostRecent; ++index) {
    parts_.actions.add(recent_action(index), "Open again", "What was opened lately",
                       {.enabled =
                            [this, index] {
                              return loader_ != nullptr &&
                                     index < parts_.settings.get().recent.size();
                            },
                        .run = [this, index] { open(parts_.settings.get().recent[index].path); }});
  }
}

void FileController::feed(const std::filesystem::path& path) {
  try {
    const OpenTarget found = open_target_at(path);
    feeding_.feed(found);
    remember(found);
  } catch (const core::Error& error) {
    parts_.notices.add_error(error.what());
  }
}

void FileController::lay_over(const std::filesystem::path& path) {
  try {
    parts_.control.runs().lay_over(path);
    parts_.recorder.note_lay_over(path);
  } catch (const core::Error& error) {
    parts_.notices.add_error(error.what());
  }
}

void FileController::add_former_actions() {
  for (std::size_t index = 0; index < FormerRuns::kMost; ++index) {
    parts_.actions.add(
        former_action(index), "Back to a run before", "A run that another one has replaced",
        {.key = index == 0 ? std::optional(widgets::KeyChord{
                                 .key = platform::key_of('Z'), .control = true, .shift = true})
                           : std::nullopt,
         .enabled = [this, index] { return index < parts_.control.former_runs().all().size(); },
         .run = [this, index] { make_again(parts_.control.former_runs().take(index)); }});
  }
}

void FileController::title_former() {
  const FormerRuns& former = parts_.control.former_runs();
  if (std::exchange(titled_former_, former.revision()) == former.revision()) return;
  for (std::size_t index = 0; index < former.all().size(); ++index) {
    const FormerRun& run = former.all()[index];
    parts_.actions.retitle(former_action(index), "Back to " + run.title,
                           run.file.empty() ? "Made again step by step, with its knobs"
                                            : "Opens " + run.file.string());
  }
}

void FileController::make_again(const FormerRun& former) {
  const bool is_live = parts_.run.state().phase != run::RunPhase::saved;
  if (!former.file.empty()) return open(former.file);
  if (is_live && former.model == parts_.run.model().directory) {
    parts_.control.clear_undo();
    return sketchscope::app::make_again(former, parts_.run, parts_.control.send());
  }
  if (loader_ == nullptr || !former.recording) return;
  opening_ = {OpenTargetKind::model, former.model};
  parts_.run.bring_notes(former.notes);
  loader_->open_model(former.model, {.knobs = former.recording->last,
                                     .prompt = former.prompt,
                                     .twin = former.twin,
                                     .audit = former.audit,
                                     .running = false,
                                     .tokens_per_second = former.speed,
                                     .continued = *former.recording});
}

const LoadTask* FileController::opening() const {
  return loader_ != nullptr ? loader_->current() : nullptr;
}

void FileController::open(const std::filesystem::path& path) {
  parts_.recorder.note_open(path);
  try {
    open_found(open_target_at(path));
  } catch (const core::Error& error) {
    parts_.notices.add_error(error.what());
  }
}

void FileController::open_found(const OpenTarget& found) {
  if (found.kind == OpenTargetKind::text) {
    parts_.control.send()(run::command::Restart{read_prompt_file(found.path)}, "restart");
    return remember(found);
  }
  if (found.kind == OpenTargetKind::study) {
    parts_.study.open(found.path);
    return remember(found);
  }
  if (loader_ == nullptr) {
    throw core::Error(
        {.what = "cannot open " + found.path.string(), .expected = "a window that may"});
  }
  opening_ = found;
  if (found.kind == OpenTargetKind::run) return loader_->open_run(found.path);
  const run::LiveState& state = parts_.run.state();
  const bool live = state.phase != run::RunPhase::saved;
  loader_->open_model(found.path, {.knobs = state.wanted,
                                   .prompt = parts_.run.source().prompt(),
                                   .twin = state.twin,
                                   .audit = state.audit,
                                   .running = !live || state.phase == run::RunPhase::running,
                                   .tokens_per_second = state.speed});
}

void FileController::set_recovery(Recovery& recovery) {
  recovery_ = &recovery;
  std::error_code ignored;
  if (std::filesystem::exists(recovery.last_run(), ignored)) {
    remember({OpenTargetKind::run, recovery.last_run()});
  }
  if (recovery.found().empty()) return;
  for (const std::filesystem::path& run : recovery.found()) remember({OpenTargetKind::run, run});
  parts_.notices.add_information(
      "The window ended without being closed. Its run is kept: File, Open again, " +
      recovery.found().back().filename().string());
}

void FileController::finish_recovery() {
  if (recovery_ != nullptr) recovery_->finish(parts_.run);
}

void FileController::exchange_run() {
  if (recovery_ != nullptr) recovery_->keep(parts_.run);
  for (const auto& path : parts_.platform.take_dropped()) open(path);
  if (loader_ == nullptr) return;
  try {
    FormerRun former = former_run_of(parts_.run);
    if (!loader_->exchange()) return;
    parts_.control.former_runs().keep(std::move(former));
  } catch (const core::Cancelled& cancelled) {
    return parts_.notices.add_information(cancelled.what());
  } catch (const std::exception& error) {
    return parts_.notices.add_error(error.what());
  }
  parts_.run.forget();
  parts_.control.clear_undo();
  parts_.platform.set_title("SketchScope · " + (opening_.path.empty()
                                                    ? parts_.run.model().name
                                                    : opening_.path.filename().string()));
  opened_ = opening_;
  if (!opened_.path.empty()) remember(opened_);
}

std::string FileController::model_offer() const {
  const bool any = loader_ != nullptr && !loader_->offered().empty();
  return any ? offer_sentence(loader_->offered().front()) : std::string();
}

void FileController::continue_run() {
  opening_ = {OpenTargetKind::run, parts_.run.source().file()};
  parts_.run.keep_notes();
  loader_->continue_run(parts_.run.source().file());
}

void FileController::remember(const OpenTarget& opened) {
  parts_.settings.change([&](Settings& settings) { remember_opened(settings, opened); });
  title_recent();
}

void FileController::title_recent() {
  const std::vector<OpenTarget>& recent = parts_.settings.get().recent;
  for (std::size_t index = 0; index < recent.size(); ++index) {
    const OpenTarget& opened = recent[index];
    parts_.actions.retitle(recent_action(index), "Open again: " + opened.path.filename().string(),
                           std::string(target_kind_name(opened.kind)) + " " + opened.path.string());
  }
}

plot::Rect FileController::draw(const widgets::ControlContext& controls, const plot::Rect& area,
                                const plot::Rect& window) {
  title_former();
  menu_.draw(controls, parts_.actions);
  const std::vector<model::OfferedModel> none;
  picker_.draw(controls,
               {.recent = parts_.settings.get().recent,
                .models = loader_ != nullptr ? loader_->offered() : none},
               window);
  if (opening() == nullptr) return area;
  bool cancelled = false;
  const plot::Rect rest = draw_load_task(controls, *opening(), area, cancelled);
  if (cancelled) loader_->cancel();
  return rest;
}

}  // namespace sketchscope::app
