#include "gui/widgets/action.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>
#include <utility>

#include "engine/core/text.hpp"

namespace sketchscope::widgets {
namespace {

struct KeyName {
  platform::Key key;
  std::string_view name;
};

constexpr std::array kKeyNames = {
    KeyName{platform::Key::space, "Space"},
    KeyName{platform::Key::escape, "Escape"},
    KeyName{platform::Key::enter, "Enter"},
    KeyName{platform::Key::tab, "Tab"},
    KeyName{platform::Key::del, "Delete"},
    KeyName{platform::Key::right, "Right"},
    KeyName{platform::Key::left, "Left"},
    KeyName{platform::Key::down, "Down"},
    KeyName{platform::Key::up, "Up"},
    KeyName{platform::Key::page_up, "PageUp"},
    KeyName{platform::Key::home, "Home"},
    KeyName{platform::Key::end, "End"},
    KeyName{platform::Key::page_down, "PageDown"},
    KeyName{platform::Key::backspace, "Backspace"},
    KeyName{platform::key_of('='), "="},
    KeyName{platform::key_of('-'), "-"},
    KeyName{platform::Key::f1, "F1"},
    KeyName{platform::Key::f2, "F2"},
    KeyName{platform::Key::f11, "F11"},
};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

std::optional<platform::Key> parse_key(const std::string& name) {
  for (const auto& known : kKeyNames) {
    if (lower(known.name) == name) return known.key;
  }
  if (name.size() == 1 && std::isalnum(static_cast<unsigned char>(name[0])) != 0) {
    return platform::key_of(static_cast<char>(std::toupper(static_cast<unsigned char>(name[0]))));
  }
  return std::nullopt;
}

}  // namespace

std::string chord_text(const KeyChord& chord) {
  std::string text;
  if (chord.control) text += "Ctrl ";
  if (chord.shift) text += "Shift ";
  const auto known = std::ranges::find(kKeyNames, chord.key, &KeyName::key);
  if (known != kKeyNames.end()) return text + std::string(known->name);
  return text + static_cast<char>(chord.key);
}

std::optional<KeyChord> parse_chord(std::string_view text) {
  std::string words = lower(text);
  std::ranges::replace(words, '+', ' ');
  std::istringstream stream(words);
  KeyChord chord;
  bool complete = false;
  for (std::string word; stream >> word;) {
    if (complete) return std::nullopt;
    if (word == "ctrl") {
      chord.control = true;
    } else if (word == "shift") {
      chord.shift = true;
    } else if (const auto key = parse_key(word)) {
      chord.key = *key;
      complete = true;
    } else {
      return std::nullopt;
    }
  }
  return complete ? std::optional(chord) : std::nullopt;
}

void ActionTable::add(Action action) {
  action.run = [listener = listener_, name = action.name, run = std::move(action.run)] {
    if (*listener) (*listener)(name);
    run();
  };
  actions_.push_back(std::move(action));
}

void ActionTable::add(std::string name, std::string title, std::string help, Action rest) {
  rest.name = std::move(name);
  rest.title = std::move(title);
  rest.help = std::move(help);
  add(std::move(rest));
}

void ActionTable::retitle(std::string_view name, std::string title, std::string help) {
  const auto found = std::ranges::find(actions_, name, &Action::name);
  found->title = std::move(title);
  found->help = std::move(help);
}

const Action* ActionTable::find(std::string_view name) const {
  const auto found = std::ranges::find(actions_, name, &Action::name);
  return found == actions_.end() ? nullptr : &*found;
}

const Action* ActionTable::find(const KeyChord& chord) const {
  const auto found = std::ranges::find(actions_, std::optional(chord), &Action::key);
  return found == actions_.end() ? nullptr : &*found;
}

bool ActionTable::run(std::string_view name) const {
  const Action* action = find(name);
  if (action == nullptr || !action->is_enabled()) return false;
  action->run();
  return true;
}

std::vector<std::string_view> ActionTable::nearest(std::string_view name) const {
  std::vector<std::string_view> names;
  for (const Action& action : actions_) names.emplace_back(action.name);
  return sketchscope::core::nearest(name, std::move(names));
}

std::vector<const Action*> ActionTable::search(std::string_view query) const {
  const std::string wanted = lower(query);
  std::vector<const Action*> found;
  for (const auto& action : actions_) {
    const std::string text = lower(action.title + " " + action.help);
    std::istringstream words(wanted);
    bool all = true;
    for (std::string word; words >> word;) all = all && text.find(word) != std::string::npos;
    if (all) found.push_back(&action);
  }
  // Actions of a single panel come after others that fit as well, as every panel has a dozen.
  std::ranges::stable_sort(found, {}, [&](const Action* action) {
    const std::size_t at = lower(action->title).find(wanted);
    const int fit = at == 0 ? 0 : at != std::string::npos ? 1 : 2;
    return std::pair(wanted.empty() ? 0 : action->panel.empty() ? 0 : 1, fit);
  });
  return found;
}

}  // namespace sketchscope::widgets
