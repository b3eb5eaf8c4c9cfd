#include "gui/driver/recorder.hpp"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <variant>

#include "engine/core/error.hpp"
#include "engine/core/program.hpp"
#include "engine/core/text.hpp"
#include "engine/settings/knob_changes.hpp"
#include "gui/driver/script.hpp"
#include "gui/platform/keyboard.hpp"
#include "gui/widgets/popup.hpp"

namespace sketchscope::driver {
namespace {

/// Returns the default knobs of the window.
settings::Knobs fresh_knobs() {
  return {.temperature = 0.7};
}

bool allowed(const settings::Knobs& knobs) {
  try {
    settings::check_knobs(knobs);
    return true;
  } catch (const core::Error&) {
    return false;
  }
}

std::string share_text(float share) {
  return core::number_text(std::round(static_cast<double>(share) * 1e4) / 1e4);
}

/// Returns the words of a statement: an item and places in it.
std::vector<std::string> words_of(const std::string& item,
                                  std::initializer_list<plot::Point> shares) {
  std::vector<std::string> words = {item};
  for (const plot::Point share : shares) {
    words.push_back(share_text(share.x));
    words.push_back(share_text(share.y));
  }
  return words;
}

std::string utf8_of(const ImVector<ImWchar>& characters) {
  constexpr int kMostBytes = 3;  // of a character of 16 bits
  const int size = characters.Size * kMostBytes + 1;
  std::string text(static_cast<std::size_t>(size), '\0');
  const int used = ImTextStrToUtf8(text.data(), size, characters.begin(), characters.end());
  text.resize(static_cast<std::size_t>(used));
  return text;
}

constexpr std::array kEditingKeys = {platform::Key::enter, platform::Key::backspace,
                                     platform::Key::del, platform::Key::tab, platform::Key::escape};

}  // namespace

std::vector<std::string> knob_lines(const settings::Knobs& from, const settings::Knobs& to) {
  std::vector<std::string> lines;
  settings::Knobs now = from;
  // A knob whose new value contradicts another one is deferred until that one is set.
  for (bool turned = true; std::exchange(turned, false);) {
    for (const settings::KnobInfo& knob : settings::knob_table()) {
      if (settings::same_value(now, to, knob)) continue;
      settings::Knobs next = now;
      settings::copy_knob(to, next, knob);
      if (!allowed(next)) continue;
      now = next;
      turned = true;
      lines.push_back(
          script_statement("set", {std::string(knob.name), settings::knob_text(to, knob)}));
    }
  }
  return lines;
}

void Recorder::start(const DrivenWindow& window) {
  const bool listens = listens_;
  *this = {};
  recording_ = true;
  listens_ = listens;
  const WindowFacts facts = window.facts();
  const run::LiveState& state = facts.state;
  size_ = facts.size;
  errors_ = facts.errors.size();
  run_ = facts.history.run();
  lines_ = {"# Recorded by SketchScope " + std::string(core::program_version()) +
            "; run it without flags for knobs."};
  follow_with("test", {"recorded"});
  follow_with("timeout", {"600"});
  follow_with("resize", {core::number_text(size_.width), core::number_text(size_.height)});
  for (const std::string& panel : facts.hidden_panels) follow_with("click", {"hide_" + panel});
  if (!facts.opened.empty()) {
    follow_with("open", {facts.opened.string()});
    follow_with("wait", {"opened"});
  }
  if (state.phase == run::RunPhase::saved) return;
  follow_with("click", {"pause"});
  follow_with("wait", {"idle"});
  const auto knobs = knob_lines(fresh_knobs(), state.wanted);
  lines_.insert(lines_.end(), knobs.begin(), knobs.end());
  if (!state.twin) follow_with("click", {"twin"});
  if (!state.audit) follow_with("click", {"audit"});
  follow_with("speed", {core::number_text(state.speed)});
  follow_with("prompt", {window.source().prompt()});
  follow_with("wait", {"idle"});
  steps_ = std::ssize(facts.history.records());
  if (steps_ > 0) follow_with("advance", {std::to_string(steps_)});
  written_steps_ = steps_;
  if (state.phase == run::RunPhase::running) follow_with("click", {"play"});
}

std::string Recorder::stop(const DrivenWindow& window) {
  write_wait();
  recording_ = false;
  const WindowFacts facts = window.facts();
  for (const std::string& knob : turned_) {
    const std::string wanted = settings::knob_text(facts.state.wanted, settings::knob_info(knob));
    follow_with("expect", {"wanted." + knob, "==", wanted});
  }
  if (facts.errors.size() == errors_) follow_with("expect", {"errors.count", "==", "0"});
  follow_with("screenshot", {"recorded.png"});
  std::string script;
  for (const std::string& line : std::exchange(lines_, {})) script += line + "\n";
  return script;
}

void Recorder::write_wait() {
  if (steps_ > written_steps_) follow_with("wait", {"step", std::to_string(steps_ - 1)});
  written_steps_ = steps_;
}

void Recorder::follow_with(std::string_view verb, const std::vector<std::string>& words) {
  lines_.push_back(script_statement(verb, words));
}

void Recorder::write(std::string_view verb, const std::vector<std::string>& words) {
  write_wait();
  follow_with(verb, words);
}

void Recorder::rewrite(std::string_view verb, const std::vector<std::string>& words) {
  std::string start(verb);
  for (std::size_t at = 0; at + 1 < words.size(); ++at) start += " " + script_word(words[at]);
  const bool same_drag = told_ && ImGui::IsMouseDown(ImGuiMouseButton_Left);
  if (same_drag && steps_ == written_steps_ && lines_.back().starts_with(start + " ")) {
    lines_.back() = script_statement(verb, words);
  } else {
    write(verb, words);
  }
}

void Recorder::note_action(const widgets::Action& action) {
  if (!is_noting() || action.name == "record" || action.name == "stop_recording") return;
  acted_ = true;
  told_ = true;
  // The choice that follows is recorded instead.
  if (action.only_opens) return;
  write("click", {action.name});
  follow_with("wait", {"idle"});
}

void Recorder::note_line(const std::string& action, const std::string& text) {
  if (!is_noting()) return;
  write("click", {action});
  follow_with("key", {"Ctrl", "A"});
  if (text.empty()) {
    follow_with("key", {"Delete"});
  } else {
    follow_with("type", {text});
  }
  follow_with("key", {"Enter"});
  told_ = true;
}

void Recorder::note_command(const run::Command& command) {
  if (!is_noting() || acted_) return;
  const auto then_wait = [&](std::string_view verb, const std::vector<std::string>& words) {
    write(verb, words);
    follow_with("wait", {"idle"});
  };
  if (const auto* set = std::get_if<run::command::SetKnob>(&command)) {
    turned_.insert(set->name);
    rewrite("set", {set->name, set->value});
  } else if (const auto* all = std::get_if<run::command::SetKnobs>(&command)) {
    const auto knobs = knob_lines(wanted_, all->knobs);
    if (!knobs.empty()) write_wait();
    lines_.insert(lines_.end(), knobs.begin(), knobs.end());
  } else if (const auto* speed = std::get_if<run::command::SetSpeed>(&command)) {
    rewrite("speed", {core::number_text(speed->tokens_per_second)});
  } else if (const auto* again = std::get_if<run::command::Restart>(&command)) {
    if (again->prompt.empty()) {
      then_wait("click", {"restart"});
    } else {
      then_wait("prompt", {again->prompt});
    }
  } else if (const auto* given = std::get_if<run::command::Feed>(&command)) {
    if (given->text.empty()) return;
    then_wait("give", {given->text});
  } else if (const auto* until = std::get_if<run::command::RunUntil>(&command)) {
    then_wait("until", {run::breakpoint_text(until->breakpoint)});
  } else if (const auto* added = std::get_if<run::command::AddRun>(&command)) {
    then_wait("add_run", settings::list_parts(settings::changes_between(wanted_, added->knobs)));
  } else if (std::holds_alternative<run::command::SetTwin>(command)) {
    then_wait("click", {"twin"});
  } else if (std::holds_alternative<run::command::SetAudit>(command)) {
    then_wait("click", {"audit"});
  } else {
    return;
  }
  told_ = true;
}

void Recorder::note_open(const std::filesystem::path& path) {
  if (!is_noting()) return;
  // For an action that reopened a path, the path is recorded instead of the action.
  if (acted_ && lines_.back() == "wait idle") lines_.resize(lines_.size() - 2);
  acted_ = true;
  told_ = true;
  write("open", {std::filesystem::absolute(path).string()});
  follow_with("wait", {"opened"});
}

void Recorder::note_lay_over(const std::filesystem::path& path) {
  if (!is_noting()) return;
  acted_ = true;
  told_ = true;
  write("lay_over", {std::filesystem::absolute(path).string()});
}

void Recorder::note_move(const std::string& panel, const std::string& side,
                         const std::string& beside) {
  if (!is_noting()) return;
  told_ = true;
  write("move", {panel, side, beside});
}

bool Recorder::types_in_panel() const {
  return ImGui::GetIO().WantTextInput && panel_has_keyboard_ && !widgets::Popup::any_is_open();
}

void Recorder::begin_frame(const DrivenWindow& window) {
  if (!is_noting()) return;
  acted_ = false;
  typed_.clear();
  const WindowFacts facts = window.facts();
  if (facts.history.run() != run_) {
    run_ = facts.history.run();
    written_steps_ = 0;
  }
  wanted_ = facts.state.wanted;
  steps_ = std::ssize(facts.history.records());
  written_steps_ = std::min(written_steps_, steps_);
  const plot::Size size = facts.size;
  if (size.width != size_.width || size.height != size_.height) {
    write("resize", {core::number_text(size.width), core::number_text(size.height)});
    size_ = size;
  }
  const ImGuiIO& io = ImGui::GetIO();
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) told_ = false;
  if (types_in_panel()) typed_ = utf8_of(io.InputQueueCharacters);
}

void Recorder::end_frame(const DrivenWindow& window) {
  if (!is_noting()) return;
  const ImGuiIO& io = ImGui::GetIO();
  if (!typed_.empty()) write("type", {typed_});
  if (types_in_panel()) {
    for (const platform::Key key : kEditingKeys) {
      if (platform::is_key_pressed(key)) write("key", {widgets::chord_text({.key = key})});
    }
  }
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
    press_ = widgets::Popup::any_is_open() ? std::nullopt : pointed_at(window);
    panel_has_keyboard_ = press_.has_value();
    if (press_) press_->again = ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left);
  }
  if (io.MouseWheel != 0 && !widgets::Popup::any_is_open()) {
    if (const auto at = pointed_at(window)) {
      std::vector<std::string> words = words_of(at->panel, {at->share});
      words.insert(words.begin() + 1, core::number_text(io.MouseWheel));
      write("scroll", words);
    }
  }
  if (ImGui::IsMouseReleased(ImGuiMouseButton_Left)) {
    if (press_ && !told_) write_release(window, *press_);
    press_.reset();
    told_ = false;
  }
}

std::optional<Recorder::Press> Recorder::pointed_at(const DrivenWindow& window) {
  const ImVec2 at = ImGui::GetIO().MousePos;
  for (const std::string_view name : window.facts().panels) {
    const std::string panel(name);
    const auto item = window.items().find(panel);
    // Mouse input on knobs is skipped, as it is recorded as commands.
    if (panel == "knobs" || !item || !item->rect.contains({at.x, at.y})) continue;
    const plot::Rect& rect = item->rect;
    return Press{panel, {(at.x - rect.left) / rect.width(), (at.y - rect.top) / rect.height()}};
  }
  return std::nullopt;
}

void Recorder::write_release(const DrivenWindow& window, const Press& press) {
  const auto item = window.items().find(press.panel);
  if (!item) return;
  const ImVec2 at = ImGui::GetIO().MousePos;
  const plot::Rect& rect = item->rect;
  const plot::Point share{std::clamp((at.x - rect.left) / rect.width(), 0.0F, 1.0F),
                          std::clamp((at.y - rect.top) / rect.height(), 0.0F, 1.0F)};
  const float moved = std::hypot((share.x - press.share.x) * rect.width(),
                                 (share.y - press.share.y) * rect.height());
  if (moved >= ImGui::GetIO().MouseDragThreshold) {
    return write("sweep", words_of(press.panel, {press.share, share}));
  }
  const auto words = words_of(press.panel, {press.share});
  // No wait may come between the presses of a double click.
  if (press.again) {
    follow_with("click", words);
  } else {
    write("click", words);
  }
}

}  // namespace sketchscope::driver
