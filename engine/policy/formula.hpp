#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/cache/slot_statistics.hpp"
#include "engine/formula/parser.hpp"

namespace sketchscope::policy {

/// A name that a formula may use (docs/cache.md, "Formulas").
struct FormulaName {
  std::string_view name;
  std::string_view help;
};
std::vector<FormulaName> formula_names();

/// Returns what keeps a text from being a formula; nullopt if it is one.
std::optional<formula::Mistake> mistake_in(std::string_view text);

/// The score that the policy `formula` gives to the slots of a table, as the value of a knob.
class Formula {
 public:
  /// The formula `mass`.
  Formula();
  /// Implicit, so that a text can be used where a formula is expected. Throws UsageError with the
  /// column of the error if the text does not parse.
  template <std::convertible_to<std::string_view> Text>
  Formula(const Text& text) : Formula(std::string(std::string_view(text)), Parsed{}) {}

  [[nodiscard]] const std::string& text() const { return content_->text; }
  [[nodiscard]] const formula::Program& program() const { return content_->program; }
  /// The slot statistics that its names stand for.
  [[nodiscard]] cache::StatisticSet needs() const;
  [[nodiscard]] bool uses_sketch() const;

  friend bool operator==(const Formula& one, const Formula& other) {
    return one.text() == other.text();
  }

 private:
  struct Content {
    std::string text;
    formula::Program program;
  };
  struct Parsed {};
  Formula(std::string text, Parsed);

  std::shared_ptr<const Content> content_;
};

}  // namespace sketchscope::policy
