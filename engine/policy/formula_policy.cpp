// The names that a formula may use, and the policy whose score is a formula.
#include "engine/policy/formula_policy.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "engine/core/error.hpp"
#include "engine/policy/score_terms.hpp"
#include "engine/policy/sketch_estimates.hpp"

namespace sketchscope::policy {
namespace {

using NumberOfTable = float (*)(const ScoreInput&);
using ValuesOfSlots = void (*)(const ScoreInput&, std::span<float>);

/// What has to be kept for values that are computed when they are asked for.
struct ComputedNeeds {
  bool sketch = false;
  bool mass_rows = false;
  bool vectors = false;
  bool moments = false;
  std::size_t (*room)(const TableSize&) = nullptr;  ///< numbers of ScoreRoom
};

/// A name with what it stands for: a statistic that is kept by slot, a number of the table, or
/// values of slots that are computed when they are asked for.
struct Entry {
  std::string_view name;
  std::string_view help;
  std::variant<cache::Statistic, NumberOfTable, ValuesOfSlots> source;
  ComputedNeeds needs = {};
};

// Room for the values of every name that a formula may use, so that scoring allocates none.
constexpr std::size_t kMostNames = 32;

float as_number(int value) {
  return static_cast<float>(value);
}

/// Returns how many tokens have come in, that of the newest slot counted.
int tokens_of(const ScoreInput& input) {
  const auto positions = input.stored_positions;
  const int stored_end = positions.empty() ? 0 : std::ranges::max(positions) + 1;
  return std::max(input.next_position, stored_end);
}

template <typename Value>
void by_position(const ScoreInput& input, std::span<float> values, const Value& value) {
  std::ranges::transform(input.stored_positions, values.begin(),
                         [&](int position) { return as_number(value(position)); });
}

// A statistic that a formula may name is one line here.
std::span<const Entry> entries() {
  using enum cache::Statistic;
  using Input = const ScoreInput&;
  static constexpr auto kEntries = std::to_array<Entry>({
      Entry{"mass", "accumulated attention mass, decayed by `decay`", accumulated_mass},
      Entry{"last", "mass under the last query", last_mass},
      Entry{"window",
            "mean mass under the last `observation_window` queries",
            &observed_mass,
            {.mass_rows = true}},
      Entry{"queries", "queries since it came in, its own included", query_count},
      Entry{"age", "tokens that came after it",
            +[](Input input, std::span<float> values) {
              const int newest = tokens_of(input) - 1;
              by_position(input, values, [&](int at) { return newest - at; });
            }},
      Entry{"pos", "its position",
            +[](Input input, std::span<float> values) {
              by_position(input, values, [](int at) { return at; });
            }},
      Entry{"slot", "its place in the table",
            +[](Input, std::span<float> values) {
              for (std::size_t slot = 0; slot < values.size(); ++slot) {
                values[slot] = static_cast<float>(slot);
              }
            }},
      Entry{"layer", "the table's layer, counted from 0",
            +[](Input input) { return as_number(input.layer); }},
      Entry{"head", "the table's first key/value head, counted from 0",
            +[](Input input) { return as_number(input.items.heads.first); }},
      Entry{"step", "tokens that have come in so far",
            +[](Input input) { return as_number(tokens_of(input)); }},
      Entry{"n", "slots that the table stores",
            +[](Input input) { return static_cast<float>(input.stored_positions.size()); }},
      Entry{"capacity", "slots that the table may fill",
            +[](Input input) { return as_number(input.capacity); }},
      Entry{"T", "positions that the model was trained for",
            +[](Input input) { return as_number(input.items.context); }},
      Entry{"norm_k", "length of its key, summed over the table's heads", key_norm},
      Entry{"norm_v", "length of its value, summed over the table's heads", value_norm},
      Entry{"damage", "accumulated change of the output, had it alone been dropped",
            output_perturbation},
      Entry{"estimate",
            "accumulated mass as the sketch estimates it",
            &sketch_estimates,
            {.sketch = true}},
      Entry{"keydiff",
            "how far its key differs from the others, as key-diff scores",
            &key_difference,
            {.vectors = true, .room = numbers_of_key_difference}},
      Entry{"expected",
            "mass that queries like those so far would give it",
            &expected_mass,
            {.vectors = true, .moments = true, .room = numbers_of_expected_mass}},
  });
  static_assert(kEntries.size() <= kMostNames);
  return kEntries;
}

std::vector<std::string_view> known_names() {
  std::vector<std::string_view> names;
  for (const Entry& entry : entries()) names.push_back(entry.name);
  return names;
}

bool is_computed(std::size_t name) {
  return std::holds_alternative<ValuesOfSlots>(entries()[name].source);
}

class FormulaPolicy final : public Policy {
 public:
  explicit FormulaPolicy(Formula formula) : formula_(std::move(formula)) {}

  [[nodiscard]] cache::StatisticSet needs() const override { return formula_.needs(); }
  [[nodiscard]] bool uses_sketch() const override { return formula_.uses_sketch(); }
  [[nodiscard]] int mass_rows(const Observation& observation) const override {
    return any_needs(&ComputedNeeds::mass_rows) ? observation.window : 0;
  }
  [[nodiscard]] bool reads_vectors() const override { return any_needs(&ComputedNeeds::vectors); }
  [[nodiscard]] bool needs_query_moments() const override {
    return any_needs(&ComputedNeeds::moments);
  }
  [[nodiscard]] ScoreRoom::Size score_room(const TableSize& size) const override {
    ScoreRoom::Size room{.slots = size.slots};
    std::size_t computed = 0;
    for (const std::size_t name : formula_.program().names) {
      const auto numbers_of = entries()[name].needs.room;
      if (numbers_of != nullptr) room.numbers = std::max(room.numbers, numbers_of(size));
      computed += is_computed(name) ? 1 : 0;
    }
    room.formula = formula::Workspace::size_of(formula_.program(), size.slots, computed);
    return room;
  }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    const std::size_t slots = importance.size();
    formula::Workspace& workspace = input.room->formula;
    const std::vector<std::size_t>& names = formula_.program().names;
    workspace.reserve(score_room({.slots = slots}).formula);
    std::array<formula::Column, kMostNames> columns;
    std::span<float> free = workspace.columns;
    for (std::size_t index = 0; index < names.size(); ++index) {
      const Entry& entry = entries()[names[index]];
      if (const auto* number = std::get_if<NumberOfTable>(&entry.source)) {
        columns[index] = (*number)(input);
      } else if (const auto* statistic = std::get_if<cache::Statistic>(&entry.source)) {
        columns[index] = input.statistics.values(*statistic);
      } else {
        std::get<ValuesOfSlots>(entry.source)(input, free.first(slots));
        columns[index] = std::span<const float>(free.first(slots));
        free = free.subspan(slots);
      }
    }
    formula::evaluate(
        formula_.program(),
        {.positions = input.stored_positions, .columns = std::span(columns).first(names.size())},
        workspace, importance);
  }

 private:
  [[nodiscard]] bool any_needs(bool ComputedNeeds::*need) const {
    return std::ranges::any_of(formula_.program().names,
                               [need](std::size_t name) { return entries()[name].needs.*need; });
  }

  Formula formula_;
};

}  // namespace

std::vector<FormulaName> formula_names() {
  std::vector<FormulaName> names;
  for (const Entry& entry : entries()) names.push_back({entry.name, entry.help});
  return names;
}

std::optional<formula::Mistake> mistake_in(std::string_view text) {
  const auto parsed = formula::parse(text, known_names());
  const auto* mistake = std::get_if<formula::Mistake>(&parsed);
  return mistake == nullptr ? std::nullopt : std::optional(*mistake);
}

Formula::Formula() {
  static const Formula of_mass("mass");
  *this = of_mass;
}

Formula::Formula(std::string text, Parsed) {
  auto parsed = formula::parse(text, known_names());
  if (const auto* mistake = std::get_if<formula::Mistake>(&parsed)) {
    throw core::UsageError({.what = "formula, column " + std::to_string(mistake->column),
                            .found = mistake->found,
                            .expected = mistake->expected});
  }
  content_ = std::make_shared<const Content>(
      Content{std::move(text), std::get<formula::Program>(std::move(parsed))});
}

cache::StatisticSet Formula::needs() const {
  cache::StatisticSet needed;
  for (const std::size_t name : program().names) {
    const auto* statistic = std::get_if<cache::Statistic>(&entries()[name].source);
    if (statistic != nullptr) needed.push_back(*statistic);
  }
  return needed;
}

bool Formula::uses_sketch() const {
  return std::ranges::any_of(program().names,
                             [](std::size_t name) { return entries()[name].needs.sketch; });
}

PolicyKind formula_policy() {
  return {.name = "formula",
          .help = "keeps what a formula of yours scores highest, by the knob formula",
          .make_with = [](const PolicyOptions& options) -> std::unique_ptr<Policy> {
            return std::make_unique<FormulaPolicy>(options.formula);
          },
          .facts = {.formula = "the knob formula, such as mass/queries",
                    .needs = "what the formula names",
                    .time = "about 1 µs for each operation over 1,024 slots"},
          .evicts = true,
          .uses_sketch = false,
          .keeps_latest = false,
          .observes_window = false,
          .pools = false,
          .takes_formula = true};
}

}  // namespace sketchscope::policy
