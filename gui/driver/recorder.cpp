#include "gui/driver/recorder.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <variant>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/core/version.hpp"
#include "gui/app/app.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/platform/keyboard.hpp"

namespace sketchscope {
namespace {

/// What a window starts with where no flag says otherwise.
Knobs fresh_knobs() {
  return {.temperature = 0.7};
}

bool allowed(const Knobs& knobs) {
  try {
    check_knobs(knobs);
    return true;
  } catch (const Error&) {
    return false;
  }
}

bool popup_is_open() {
  return ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
}

std::string share_text(float share) {
  return number_text(std::round(static_cast<double>(share) * 1e4) / 1e4);
}

std::string place_text(Point share) {
  return share_text(share.x) + " " + share_text(share.y);
}

std::string utf8_of(const ImVector<ImWchar>& characters) {
  std::string text;
  for (const ImWchar code : characters) {
    if (code < 0x80) {
      text += static_cast<char>(code);
    } else if (code < 0x800) {
      text += static_cast<char>(0xC0 | (code >> 6));
      text += static_cast<char>(0x80 | (code & 0x3F));
    } else {
      text += static_cast<char>(0xE0 | (code >> 12));
      text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
      text += static_cast<char>(0x80 | (code & 0x3F));
    }
  }
  return text;
}

constexpr std::array kEditingKeys = {Key::enter, Key::backspace, Key::del, Key::tab, Key::escape};

}  // namespace

std::string script_word(std::string_view text) {
  const bool plain = !text.empty() && text.find_first_of(" \t\r\n\"#\\") == std::string_view::npos;
  if (plain) return std::string(text);
  std::string word = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') word += '\\';
    if (letter == '\n') {
      word += "\\n";
    } else {
      word += letter;
    }
  }
  return word + "\"";
}

std::vector<std::string> knob_lines(const Knobs& from, const Knobs& to) {
  std::vector<std::string> lines;
  Knobs now = from;
  // A knob whose turn would contradict another waits until that one was turned.
  for (bool turned = true; std::exchange(turned, false);) {
    for (const KnobInfo& knob : knob_table()) {
      const std::string wanted = knob_text(to, knob);
      if (knob_text(now, knob) == wanted) continue;
      Knobs next = now;
      set_knob(next, knob.name, wanted);
      if (!allowed(next)) continue;
      now = next;
      turned = true;
      lines.push_back("set " + std::string(knob.name) + " " + wanted);
    }
  }
  return lines;
}

void Recorder::start(const App& app) {
  *this = {};
  recording_ = true;
  const LiveState& state = app.state();
  const Size size = app.platform().size();
  window_ = size;
  errors_ = app.notices().errors().size();
  run_ = app.history().run();
  lines_ = {"# Recorded by SketchScope " + std::string(program_version()) +
                "; run it without flags for knobs.",
            "test recorded", "timeout 600",
            "resize " + number_text(size.width) + " " + number_text(size.height)};
  for (const std::string& panel : app.settings().layout.hidden)
    lines_.push_back("click hide_" + panel);
  if (!app.opened().empty()) {
    lines_.push_back("open " + script_word(app.opened().string()));
    lines_.emplace_back("wait opened");
  }
  if (state.phase == RunPhase::saved) return;
  lines_.emplace_back("click pause");
  lines_.emplace_back("wait idle");
  const auto knobs = knob_lines(fresh_knobs(), state.wanted);
  lines_.insert(lines_.end(), knobs.begin(), knobs.end());
  if (!state.twin) lines_.emplace_back("click twin");
  if (!state.audit) lines_.emplace_back("click audit");
  lines_.push_back("speed " + number_text(state.speed));
  lines_.push_back("prompt " + script_word(app.source().prompt()));
  lines_.emplace_back("wait idle");
  steps_ = std::ssize(app.history().records());
  if (steps_ > 0) lines_.push_back("advance " + std::to_string(steps_));
  written_steps_ = steps_;
  if (state.phase == RunPhase::running) lines_.emplace_back("click play");
}

std::string Recorder::stop(const App& app) {
  write_wait();
  recording_ = false;
  for (const std::string& knob : turned_) {
    const std::string wanted = knob_text(app.state().wanted, knob_info(knob));
    lines_.push_back("expect wanted." + knob + " == " + script_word(wanted));
  }
  if (app.notices().errors().size() == errors_) lines_.emplace_back("expect errors.count == 0");
  lines_.emplace_back("screenshot recorded.png");
  std::string script;
  for (const std::string& line : std::exchange(lines_, {})) script += line + "\n";
  return script;
}

void Recorder::write_wait() {
  if (steps_ > written_steps_) lines_.push_back("wait step " + std::to_string(steps_ - 1));
  written_steps_ = steps_;
}

void Recorder::write(const std::string& line) {
  write_wait();
  lines_.push_back(line);
}

void Recorder::rewrite(const std::string& start, const std::string& line) {
  const bool same_drag = told_ && ImGui::IsMouseDown(ImGuiMouseButton_Left);
  if (same_drag && steps_ == written_steps_ && lines_.back().starts_with(start)) {
    lines_.back() = line;
  } else {
    write(line);
  }
}

void Recorder::note_action(const Action& action) {
  if (!recording_ || action.name == "record" || action.name == "stop_recording") return;
  acted_ = true;
  told_ = true;
  // What a person picked there is written instead.
  if (action.only_opens) return;
  write("click " + action.name);
  lines_.emplace_back("wait idle");
}

void Recorder::note_line(const std::string& action, const std::string& text) {
  if (!recording_) return;
  write("click " + action);
  lines_.emplace_back("key Ctrl A");
  lines_.push_back(text.empty() ? "key Delete" : "type " + script_word(text));
  lines_.emplace_back("key Enter");
  told_ = true;
}

void Recorder::note_command(const Command& command) {
  if (!recording_ || acted_) return;
  if (const auto* set = std::get_if<command::SetKnob>(&command)) {
    turned_.insert(set->name);
    rewrite("set " + set->name + " ", "set " + set->name + " " + script_word(set->value));
    told_ = true;
  } else if (const auto* all = std::get_if<command::SetKnobs>(&command)) {
    for (const std::string& line : knob_lines(wanted_, all->knobs)) write(line);
    told_ = true;
  } else if (const auto* speed = std::get_if<command::SetSpeed>(&command)) {
    rewrite("speed ", "speed " + number_text(speed->tokens_per_second));
    told_ = true;
  } else if (const auto* again = std::get_if<command::Restart>(&command)) {
    write(again->prompt.empty() ? "click restart" : "prompt " + script_word(again->prompt));
    lines_.emplace_back("wait idle");
    told_ = true;
  } else if (const auto* until = std::get_if<command::RunUntil>(&command)) {
    write("until " + script_word(breakpoint_text(until->breakpoint)));
    lines_.emplace_back("wait idle");
    told_ = true;
  } else if (std::holds_alternative<command::SetTwin>(command)) {
    write("click twin");
    lines_.emplace_back("wait idle");
    told_ = true;
  } else if (std::holds_alternative<command::SetAudit>(command)) {
    write("click audit");
    lines_.emplace_back("wait idle");
    told_ = true;
  }
}

void Recorder::note_open(const std::filesystem::path& path) {
  if (!recording_) return;
  // Of an action that opened something again; the path says more than the action's number.
  if (acted_ && lines_.back() == "wait idle") lines_.resize(lines_.size() - 2);
  acted_ = true;
  told_ = true;
  write("open " + script_word(std::filesystem::absolute(path).string()));
  lines_.emplace_back("wait opened");
}

/// Popups tell by action or command what was picked in them, and so do knobs.
bool Recorder::types_in_panel() const {
  return ImGui::GetIO().WantTextInput && panel_has_keyboard_ && !popup_is_open();
}

void Recorder::begin_frame(const App& app) {
  if (!recording_) return;
  acted_ = false;
  typed_.clear();
  if (app.history().run() != run_) {
    run_ = app.history().run();
    written_steps_ = 0;
  }
  wanted_ = app.state().wanted;
  steps_ = std::ssize(app.history().records());
  written_steps_ = std::min(written_steps_, steps_);
  const Size size = app.platform().size();
  if (size.width != window_.width || size.height != window_.height) {
    write("resize " + number_text(size.width) + " " + number_text(size.height));
    window_ = size;
  }
  const ImGuiIO& io = ImGui::GetIO();
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) told_ = false;
  if (types_in_panel()) typed_ = utf8_of(io.InputQueueCharacters);
}

void Recorder::end_frame(const App& app) {
  if (!recording_) return;
  const ImGuiIO& io = ImGui::GetIO();
  if (!typed_.empty()) write("type " + script_word(typed_));
  if (types_in_panel()) {
    for (const Key key : kEditingKeys) {
      if (is_key_pressed(key)) write("key " + chord_text({.key = key}));
    }
  }
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
    press_ = popup_is_open() ? std::nullopt : pointed_at(app);
    panel_has_keyboard_ = press_.has_value();
    if (press_) press_->again = ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left);
  }
  if (io.MouseWheel != 0 && !popup_is_open()) {
    if (const auto at = pointed_at(app)) {
      write("scroll " + at->panel + " " + number_text(io.MouseWheel) + " " + place_text(at->share));
    }
  }
  if (ImGui::IsMouseReleased(ImGuiMouseButton_Left)) {
    if (press_ && !told_) write_release(app, *press_);
    press_.reset();
    told_ = false;
  }
}

std::optional<Recorder::Press> Recorder::pointed_at(const App& app) {
  const ImVec2 at = ImGui::GetIO().MousePos;
  for (const PanelKind& kind : panel_kinds()) {
    const std::string panel(kind.name);
    const auto item = app.items().find(panel);
    // What is done to knobs is a command, whatever the hand did.
    if (panel == "knobs" || !item || !item->rect.contains({at.x, at.y})) continue;
    const Rect& rect = item->rect;
    return Press{panel, {(at.x - rect.left) / rect.width(), (at.y - rect.top) / rect.height()}};
  }
  return std::nullopt;
}

void Recorder::write_release(const App& app, const Press& press) {
  const auto item = app.items().find(press.panel);
  if (!item) return;
  const ImVec2 at = ImGui::GetIO().MousePos;
  const Rect& rect = item->rect;
  const Point share{std::clamp((at.x - rect.left) / rect.width(), 0.0F, 1.0F),
                    std::clamp((at.y - rect.top) / rect.height(), 0.0F, 1.0F)};
  const float moved = std::hypot((share.x - press.share.x) * rect.width(),
                                 (share.y - press.share.y) * rect.height());
  if (moved >= ImGui::GetIO().MouseDragThreshold) {
    return write("sweep " + press.panel + " " + place_text(press.share) + " " + place_text(share));
  }
  const std::string line = "click " + press.panel + " " + place_text(press.share);
  // A wait between them would make two clicks of a double one.
  if (press.again) {
    lines_.push_back(line);
  } else {
    write(line);
  }
}

}  // namespace sketchscope
