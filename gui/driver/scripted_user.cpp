#include "gui/driver/scripted_user.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/driver/script.hpp"
#include "gui/driver/values.hpp"
#include "gui/platform/picture.hpp"

namespace sketchscope::driver {
namespace {

constexpr double kPollSeconds = 0.005;

std::string steps_text(std::size_t steps) {
  return std::to_string(steps) + " steps";
}

// Multiples of the golden ratio, taken modulo one, cover a range evenly however many there are.
constexpr double kGoldenRatio = 0.6180339887498949;
constexpr int kTries = 64;

std::string value_at(const settings::KnobInfo& knob, double share, int count) {
  if (knob.is_text()) {
    constexpr std::array kFormulas = {"mass", "last", "mass/queries", "-norm_k", "pos"};
    return kFormulas[static_cast<std::size_t>(count) % kFormulas.size()];
  }
  if (!knob.choices.empty()) {
    return std::string(knob.choices[static_cast<std::size_t>(count) % knob.choices.size()]);
  }
  settings::Knobs scratch;
  const double low = knob.minimum;
  // Wide ranges are sampled logarithmically, so that small values occur.
  const double high = knob.maximum;
  const bool wide = high - low > 1000;
  const double value =
      wide ? low - 1 + std::pow(high - low + 1, share) : low + share * (high - low);
  if (const auto* field = std::get_if<int settings::Knobs::*>(&knob.field)) {
    scratch.*(*field) = static_cast<int>(std::lround(value));
  } else if (const auto* word = std::get_if<std::uint64_t settings::Knobs::*>(&knob.field)) {
    scratch.*(*word) = static_cast<std::uint64_t>(value);
  } else if (const auto* real = std::get_if<double settings::Knobs::*>(&knob.field)) {
    scratch.*(*real) = std::round(value * 1000) / 1000;
  }
  return settings::knob_text(scratch, knob);
}

bool allowed(const settings::Knobs& knobs, const settings::KnobInfo& knob,
             const std::string& value) {
  try {
    settings::Knobs probe = knobs;
    settings::set_knob(probe, knob.name, value);
    settings::check_knobs(probe);
    return true;
  } catch (const core::Error&) {
    return false;
  }
}

}  // namespace

ScriptedUser::ScriptedUser(DrivenWindow& window, std::filesystem::path out,
                           std::filesystem::path folder)
    : window_(window), input_(window), out_(std::move(out)), folder_(std::move(folder)) {
  // An auto-sized ImGui window is invisible in its first frame.
  frames(2);
}

void ScriptedUser::carry_out(const ScriptLine& line) {
  const ScriptVerb* verb = find_verb(line.verb());
  if (verb == nullptr || verb->run == nullptr) {
    throw core::UsageError({.what = "script line " + std::to_string(line.number),
                            .found = "'" + line.text + "'",
                            .expected = "a statement that does something by itself"});
  }
  verb->run(*this, line);
}

std::filesystem::path ScriptedUser::file(const std::string& name) const {
  std::error_code ignored;
  const bool made_here = std::filesystem::exists(out_ / name, ignored);
  return (made_here ? out_ : folder_) / name;
}

void ScriptedUser::frames(int count) {
  for (int i = 0; i < count; ++i) window_.frame();
}

void ScriptedUser::wait_until(const std::string& what, const std::function<bool()>& done) {
  using Clock = std::chrono::steady_clock;
  const auto give_up = Clock::now() + std::chrono::duration<double>(timeout_seconds_);
  window_.frame();
  while (!done()) {
    if (window_.platform().closing())
      throw core::Error("the window was closed while a script waited");
    if (Clock::now() > give_up) {
      throw core::Error({.what = "waited " + core::number_text(timeout_seconds_) + " s for " + what,
                         .found = "phase " + value("state.phase") + " after " +
                                  steps_text(read_steps()) +
                                  ", last error: " + value("errors.last")});
    }
    window_.platform().wait(kPollSeconds);
    window_.frame();
  }
}

void ScriptedUser::wait_idle() {
  wait_until("every command to be carried out", [&] { return window_.source().idle(); });
  // Another frame reads what the last command published after the former one.
  window_.frame();
}

void ScriptedUser::wait_for_steps(const std::string& what, std::size_t steps) {
  wait_until(what, [&] {
    if (read_steps() >= steps) return true;
    // Only what is published after the last command was carried out tells whether a step will come.
    if (!window_.source().idle()) return false;
    const run::RunPhase phase = window_.source().state()->phase;
    const bool over = phase == run::RunPhase::at_context_end || phase == run::RunPhase::failed;
    const bool paused = phase == run::RunPhase::paused;
    // The state may be newer than the records read by this frame.
    if ((!over && !paused) || published_steps() >= steps) return false;
    if (paused) {
      const bool given = window_.source().state()->text_tokens > 0;
      throw core::Error(
          {.what = given ? "the given text has ended, or its run is paused" : "the run is paused",
           .found = steps_text(published_steps()),
           .expected = steps_text(steps),
           .remedy = given ? "`wait given` waits for its end, whatever its length"
                           : "Let it go on with click play before, or make steps "
                             "with advance"});
    }
    throw core::Error({.what = "the run is over",
                       .found = steps_text(published_steps()) + ", phase " + value("state.phase"),
                       .expected = steps_text(steps)});
  });
}

void ScriptedUser::wait_for_given_text() {
  wait_idle();
  if (window_.source().state()->text_tokens == 0) {
    throw core::Error({.what = "wait given",
                       .found = "a run that draws its own tokens",
                       .expected = "a run that was given a text",
                       .remedy = "Give it one before, with give or give_file"});
  }
  wait_until("the end of the given text", [&] {
    // Only what is published after the last command was carried out tells whether a step will come.
    return window_.source().idle() && window_.source().state()->phase != run::RunPhase::running &&
           read_steps() >= published_steps();
  });
}

std::size_t ScriptedUser::published_steps() const {
  return window_.source().log().read(0, 0).records.size();
}

void ScriptedUser::send_knob(const std::string& knob, const std::string& value) {
  const std::size_t before = published_steps();
  window_.send(run::command::SetKnob{knob, value}, "knob/" + knob);
  note_sent(knob, {before, published_steps()});
}

std::optional<ScriptedUser::Sent> ScriptedUser::sent(const std::string& knob) const {
  const auto found = sent_.find(knob);
  return found == sent_.end() ? std::nullopt : std::optional(found->second);
}

std::string ScriptedUser::turn_knob(const std::string& knob) {
  const settings::KnobInfo& info = settings::knob_info(knob);
  // The published state has the sent knobs only once all commands were carried out.
  if (window_.source().idle()) turned_ = window_.source().state()->wanted;
  std::string next = turned_value(turned_, info, turns_[knob]++);
  settings::set_knob(turned_, info.name, next);
  send_knob(knob, next);
  return next;
}

widgets::Item ScriptedUser::item(const std::string& path) const {
  const auto found = window_.items().find(path);
  if (found && found->enabled) return *found;
  const auto names = window_.items().nearest(path, 5);
  throw core::Error({.what = "item '" + path + "'",
                     .found = found ? "it is disabled" : "none of that name on the screen",
                     .expected = "an item, nearest: " + core::join({names.begin(), names.end()}) +
                                 "; or, to click, an action, nearest: " +
                                 core::join(window_.actions().nearest(path))});
}

std::string ScriptedUser::value(const std::string& path) const {
  if (const auto found = find_value(window_, path)) return *found;
  const Values values = collect_values(window_);
  std::vector<std::string_view> names;
  for (const auto& [name, text] : values) names.push_back(name);
  throw core::UsageError(
      {.what = "value",
       .found = "'" + path + "'",
       .expected = "one of the values, nearest: " + core::join(core::nearest(path, names, 5))});
}

plot::Image ScriptedUser::picture(const std::string& path) {
  window_.frame();
  return path == "window" ? window_.screenshot()
                          : platform::cropped(window_.screenshot(), item(path).rect);
}

void ScriptedUser::screenshot(const std::string& file, const std::string& item) {
  window_.save_picture(picture(item), out_ / file);
}

std::string turned_value(const settings::Knobs& knobs, const settings::KnobInfo& knob, int count) {
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const double share = std::fmod((count + 1 + attempt * kTries) * kGoldenRatio, 1.0);
    const std::string value = value_at(knob, share, count + attempt);
    if (allowed(knobs, knob, value)) return value;
  }
  return settings::knob_text(knobs, knob);
}

}  // namespace sketchscope::driver
