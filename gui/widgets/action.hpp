#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gui/platform/key.hpp"

namespace sketchscope {

/// A key with the modifiers that must be held, and no others.
struct KeyChord {
  Key key = Key::space;
  bool control = false;
  bool shift = false;

  friend bool operator==(const KeyChord&, const KeyChord&) = default;
};

constexpr KeyChord plain_key(Key key) {
  return {.key = key};
}
/// Ctrl and this letter or sign.
constexpr KeyChord control_key(char symbol) {
  return {.key = key_of(symbol), .control = true};
}

/// "Ctrl P", "Space".
std::string chord_text(const KeyChord& chord);
/// The chord of such a text, upper or lower case, "+" or space between its parts.
std::optional<KeyChord> parse_chord(std::string_view text);

/// One thing a person can do: named once, offered by shortcut, palette, button, script and test.
struct Action {
  std::string name;   ///< in scripts: "play"
  std::string title;  ///< in the palette: "Play"
  std::string help;
  std::string panel;  ///< the one it is about; empty: the window
  std::optional<KeyChord> key;
  bool repeats = false;           ///< while the key is held
  bool only_opens = false;        ///< something to pick from: by itself it changes nothing
  std::function<bool()> enabled;  ///< empty: always
  std::function<void()> run;

  [[nodiscard]] bool is_enabled() const { return !enabled || enabled(); }
};

/// Every action there is, in the order of the palette.
class ActionTable {
 public:
  using Listener = std::function<void(const std::string& name)>;

  void add(Action action);
  /// Hears of every action before it is run, whoever runs it.
  void set_listener(Listener listener) { *listener_ = std::move(listener); }
  /// For an action whose object changes. Of one that there is.
  void retitle(std::string_view name, std::string title, std::string help);
  [[nodiscard]] std::span<const Action> all() const { return actions_; }
  [[nodiscard]] const Action* find(std::string_view name) const;
  [[nodiscard]] const Action* find(const KeyChord& chord) const;
  /// Runs the action of that name where there is one and it is enabled; whether it did.
  bool run(std::string_view name) const;
  /// Names most like `name`, best first.
  [[nodiscard]] std::vector<std::string_view> nearest(std::string_view name) const;
  /// Those whose title and help hold all words of `query`, in any case; titles that begin with it
  /// first, then titles that hold it.
  [[nodiscard]] std::vector<const Action*> search(std::string_view query) const;

 private:
  std::vector<Action> actions_;
  std::shared_ptr<Listener> listener_ = std::make_shared<Listener>();
};

}  // namespace sketchscope
