#include "engine/policy/formula.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "engine/formula/evaluate.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

// Evaluates over a table whose columns hold what a formula may stumble over.
std::vector<float> values_of(const formula::Program& program) {
  const std::vector<int> positions = {3, 900, 0, 17, 65000};
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> odd = {0, -1, infinity, std::nanf(""), 1e30F};
  std::vector<formula::Column> columns(program.names.size(), std::span<const float>(odd));
  if (columns.size() > 1) columns.back() = 2.5F;
  formula::Workspace workspace;
  std::vector<float> result(positions.size());
  formula::evaluate(program, {.positions = positions, .columns = columns}, workspace, result);
  return result;
}

bool same(float left, float right) {
  return left == right || (std::isnan(left) && std::isnan(right));
}

bool run_formula(std::string_view input) {
  const auto mistake = policy::mistake_in(input);
  const auto formula = accepted([&] { return policy::Formula(input); });
  require(mistake.has_value() == !formula.has_value(), "a mistake without a refusal");
  if (!formula) {
    require(mistake->column >= 1 && mistake->column <= static_cast<int>(input.size()) + 1,
            "a column outside the text");
    require(!mistake->found.empty() && !mistake->expected.empty(), "a mistake that says nothing");
    return false;
  }
  const formula::Program& program = formula->program();
  require(program.operations.size() <= formula::kMostOperations, "too many operations");
  require(program.depth >= 1 && program.depth <= formula::kDeepest, "a stack too deep");
  require(formula->needs().size() <= program.names.size(), "more needs than names");
  const std::vector<float> values = values_of(program), again = values_of(program);
  for (std::size_t slot = 0; slot < values.size(); ++slot) {
    require(same(values[slot], again[slot]), "another value the second time");
  }
  return true;
}

std::vector<std::string> formula_seeds() {
  return {"mass/queries * norm_v",
          "-norm_k",
          "where(age < 0.25*capacity, 1e9, zscore(log(mass + 1e-6)) + 2^-layer)",
          "pool(softmax(last), 5) * rank(damage) / maxall(abs(pos - mean(pos)))",
          "clamp(sqrt(estimate), min(slot, head), max(n, T)) != exp(step) == sum(pow(queries, .5))",
          "((((mass))))"};
}

}  // namespace

Target formula_target() {
  return {"formula", "a score of stored positions, as a person types it", run_formula,
          formula_seeds};
}

}  // namespace sketchscope::fuzz
