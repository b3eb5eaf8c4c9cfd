#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gui/platform/keyboard.hpp"

namespace sketchscope::widgets {

/// A key with exactly the modifiers that must be held.
struct KeyChord {
  platform::Key key = platform::Key::space;
  bool control = false;
  bool shift = false;

  friend bool operator==(const KeyChord&, const KeyChord&) = default;
};

constexpr KeyChord plain_key(platform::Key key) {
  return {.key = key};
}
/// Returns the chord of a letter or sign alone.
constexpr KeyChord plain_key(char symbol) {
  return {.key = platform::key_of(symbol)};
}
constexpr KeyChord shift_key(platform::Key key) {
  return {.key = key, .shift = true};
}
/// Returns the chord of Ctrl and a letter or sign.
constexpr KeyChord control_key(char symbol) {
  return {.key = platform::key_of(symbol), .control = true};
}

/// Returns a chord as text: "Ctrl P", "Space".
std::string chord_text(const KeyChord& chord);
/// Parses a chord in any case, with "+" or a space between its parts.
std::optional<KeyChord> parse_chord(std::string_view text);

/// Something that a person can do, available by shortcut, palette, button and script.
struct Action {
  std::string name;   ///< in scripts: "play"
  std::string title;  ///< in the palette: "Play"
  std::string help;
  std::string panel;  ///< its panel; empty for the window
  std::optional<KeyChord> key;
  bool repeats = false;           ///< repeats while the key is held
  bool only_opens = false;        ///< only opens a choice, and changes nothing by itself
  std::function<bool()> enabled;  ///< empty if always enabled
  std::function<void()> run;

  [[nodiscard]] bool is_enabled() const { return !enabled || enabled(); }
};

/// All actions, in the order of the palette.
class ActionTable {
 public:
  using Listener = std::function<void(const std::string& name)>;

  void add(Action action);
  /// Adds an action whose other members are those of `rest`.
  void add(std::string name, std::string title, std::string help, Action rest);
  /// Sets the listener that is called before every action.
  void set_listener(Listener listener) { *listener_ = std::move(listener); }
  /// Changes the title and help of an existing action.
  void retitle(std::string_view name, std::string title, std::string help);
  [[nodiscard]] std::span<const Action> all() const { return actions_; }
  [[nodiscard]] const Action* find(std::string_view name) const;
  [[nodiscard]] const Action* find(const KeyChord& chord) const;
  /// Runs the action of that name if it exists and is enabled. Returns whether it ran.
  bool run(std::string_view name) const;
  /// Returns the names most similar to `name`, best first.
  [[nodiscard]] std::vector<std::string_view> nearest(std::string_view name) const;
  /// Returns the actions whose title and help contain all words of `query`, in any case: first
  /// those of the window, then those of panels; of each first titles that begin with it, then
  /// titles that contain it.
  [[nodiscard]] std::vector<const Action*> search(std::string_view query) const;

 private:
  std::vector<Action> actions_;
  std::shared_ptr<Listener> listener_ = std::make_shared<Listener>();
};

}  // namespace sketchscope::widgets
