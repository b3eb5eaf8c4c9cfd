#include "engine/formula/evaluate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "engine/core/random.hpp"
#include "engine/formula/parser.hpp"

namespace sketchscope::formula {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"mass", "age", "layer", "odd"};

using Values = std::vector<float>;

/// A table with slots in no order, whose last column holds what is no number.
struct RandomTable {
  RandomTable(std::size_t slots, core::SplitMix64& random) {
    for (std::size_t slot = 0; slot < slots; ++slot) {
      positions.push_back(static_cast<int>(3 * slot + random.below(3)));
    }
    for (std::size_t left = slots; left > 1; --left) {
      std::swap(positions[left - 1], positions[random.below(left)]);
    }
    constexpr std::array kOdd = {0.0F, -0.0F, std::numeric_limits<float>::infinity(),
                                 -std::numeric_limits<float>::infinity(),
                                 std::numeric_limits<float>::quiet_NaN()};
    for (std::size_t slot = 0; slot < slots; ++slot) {
      mass.push_back(static_cast<float>(random.uniform()));
      age.push_back(static_cast<float>(random.below(7)));
      odd.push_back(random.below(4) == 0 ? kOdd[random.below(kOdd.size())] : mass.back() - 0.5F);
    }
  }

  [[nodiscard]] Column column(std::size_t name) const {
    if (name == 2) return 1.5F;
    return std::span<const float>(name == 0 ? mass : name == 1 ? age : odd);
  }

  std::vector<int> positions;
  Values mass, age, odd;
};

Values evaluated(const std::string& text, const RandomTable& table, Workspace& workspace) {
  const auto parsed = parse(text, kNames);
  const auto* program = std::get_if<Program>(&parsed);
  if (program == nullptr) {
    ADD_FAILURE() << text << ": " << std::get<Mistake>(parsed).expected;
    return {};
  }
  std::vector<Column> columns;
  for (const std::size_t name : program->names) columns.push_back(table.column(name));
  Values result(table.positions.size());
  evaluate(*program, {.positions = table.positions, .columns = columns}, workspace, result);
  return result;
}

/// An expression as a tree, with its text and with its values by plain loops.
class Tree {
 public:
  Tree(const RandomTable& table, core::SplitMix64& random) : table_(table), random_(random) {}

  struct Node {
    std::string text;
    int precedence = 6;  // of what joins its parts: 6 for a name or a call, 1 for a comparison
    Values values;
  };

  Node draw(int levels) {
    if (levels == 0) return random_.below(4) == 0 ? number() : name();
    switch (random_.below(7)) {
      case 0:
        return negated(draw(levels - 1));
      case 1:
      case 2:
      case 3:
        return joined(draw(levels - 1), draw(levels - 1));
      case 4:
        return over_table(draw(levels - 1));
      case 5:
        return random_.below(2) == 0 ? where(levels - 1) : clamp(levels - 1);
      default:
        return by_element(draw(levels - 1));
    }
  }

 private:
  [[nodiscard]] std::size_t slots() const { return table_.positions.size(); }

  Node number() {
    const auto value = static_cast<float>(random_.below(8)) / 4;
    return {std::to_string(value), 6, Values(slots(), value)};
  }

  Node name() {
    const auto index = static_cast<std::size_t>(random_.below(kNames.size()));
    const Column column = table_.column(index);
    const auto* one = std::get_if<float>(&column);
    if (one != nullptr) return {std::string(kNames[index]), 6, Values(slots(), *one)};
    const auto values = std::get<std::span<const float>>(column);
    return {std::string(kNames[index]), 6, Values(values.begin(), values.end())};
  }

  static std::string bracketed(const Node& node, int least) {
    return node.precedence < least ? "(" + node.text + ")" : node.text;
  }

  static Node negated(Node node) {
    Node result{"-" + bracketed(node, 5), 4, std::move(node.values)};
    for (float& value : result.values) value = -value;
    return result;
  }

  Node joined(const Node& left, const Node& right) {
    struct Joint {
      std::string text;
      int precedence;
      float (*of)(float, float);
    };
    static const std::array<Joint, 9> kJoints = {{
        {" + ", 2, [](float a, float b) { return a + b; }},
        {"-", 2, [](float a, float b) { return a - b; }},
        {"*", 3, [](float a, float b) { return a * b; }},
        {" / ", 3, [](float a, float b) { return a / b; }},
        {"^", 5, [](float a, float b) { return std::pow(a, b); }},
        {" < ", 1, [](float a, float b) { return a < b ? 1.0F : 0.0F; }},
        {">=", 1, [](float a, float b) { return a >= b ? 1.0F : 0.0F; }},
        {"==", 1, [](float a, float b) { return a == b ? 1.0F : 0.0F; }},
        {"!=", 1, [](float a, float b) { return a != b ? 1.0F : 0.0F; }},
    }};
    const Joint& joint = kJoints[random_.below(kJoints.size())];
    const bool from_right = joint.precedence == 5;
    const int of_left = joint.precedence + (from_right ? 1 : 0);
    const int of_right = joint.precedence + (from_right ? 0 : 1);
    Node result{bracketed(left, of_left) + joint.text + bracketed(right, of_right),
                joint.precedence, Values(slots())};
    for (std::size_t slot = 0; slot < slots(); ++slot) {
      result.values[slot] = joint.of(left.values[slot], right.values[slot]);
    }
    return result;
  }

  Node by_element(const Node& node) {
    struct Known {
      std::string name;
      float (*of)(float);
    };
    static const std::array<Known, 4> kKnown = {{
        {"exp", [](float x) { return std::exp(x); }},
        {"log", [](float x) { return std::log(x); }},
        {"sqrt", [](float x) { return std::sqrt(x); }},
        {"abs", [](float x) { return std::fabs(x); }},
    }};
    const Known& known = kKnown[random_.below(kKnown.size())];
    Node result{known.name + "(" + node.text + ")", 6, Values(slots())};
    std::ranges::transform(node.values, result.values.begin(), known.of);
    return result;
  }

  static float bounded(float x, float low, float high) {
    if (std::isnan(x)) return x;
    if (std::isnan(low)) return low;
    const float above = x > low ? x : low;
    if (std::isnan(high)) return high;
    return above < high ? above : high;
  }

  Node clamp(int levels) {
    const Node x = draw(levels), low = draw(0), high = draw(0);
    Node result{"clamp(" + x.text + "," + low.text + ", " + high.text + ")", 6, Values(slots())};
    for (std::size_t slot = 0; slot < slots(); ++slot) {
      result.values[slot] = bounded(x.values[slot], low.values[slot], high.values[slot]);
    }
    return result;
  }

  Node where(int levels) {
    const Node condition = draw(levels), left = draw(levels), right = draw(0);
    Node result{"where(" + condition.text + ", " + left.text + ", " + right.text + ")", 6,
                Values(slots())};
    for (std::size_t slot = 0; slot < slots(); ++slot) {
      const float found = condition.values[slot];
      const bool holds = !std::isnan(found) && found != 0;
      result.values[slot] = holds ? left.values[slot] : right.values[slot];
    }
    return result;
  }

  Node over_table(const Node& node) {
    const auto draw = random_.below(7);
    const Values& x = node.values;
    switch (draw) {
      case 0:
        return {"sum(" + node.text + ")", 6, Values(slots(), static_cast<float>(sum(x)))};
      case 1:
        return {"mean(" + node.text + ")", 6,
                Values(slots(), static_cast<float>(sum(x) / static_cast<double>(slots())))};
      case 2:
        return {"maxall(" + node.text + ")", 6, Values(slots(), largest(x))};
      case 3:
        return {"rank(" + node.text + ")", 6, ranks(x)};
      case 4:
        return {"zscore(" + node.text + ")", 6, standard(x)};
      case 5:
        return {"softmax(" + node.text + ")", 6, softmax(x)};
      default:
        return pooled(node, 2 * static_cast<int>(random_.below(5)) + 1);
    }
  }

  static double sum(const Values& values) {
    double whole = 0;
    for (const float value : values) whole += value;
    return whole;
  }

  static float lowest_if_none(float value) {
    return std::isnan(value) ? -std::numeric_limits<float>::infinity() : value;
  }

  static float largest(const Values& values) {
    float found = -std::numeric_limits<float>::infinity();
    for (const float value : values) found = std::max(found, lowest_if_none(value));
    return found;
  }

  static Values ranks(const Values& values) {
    Values result;
    for (const float value : values) {
      int below = 0, equal = 0;
      for (const float other : values) {
        below += lowest_if_none(other) < lowest_if_none(value) ? 1 : 0;
        equal += lowest_if_none(other) == lowest_if_none(value) ? 1 : 0;
      }
      result.push_back(static_cast<float>(below) + static_cast<float>(equal - 1) / 2);
    }
    return result;
  }

  static Values standard(const Values& values) {
    const auto count = static_cast<double>(values.size());
    const double mean = sum(values) / count;
    double squares = 0;
    for (const float value : values) squares += (value - mean) * (value - mean);
    Values result;
    for (const float value : values) {
      const double deviation = std::sqrt(squares / count);
      result.push_back(deviation == 0 ? 0 : static_cast<float>((value - mean) / deviation));
    }
    return result;
  }

  static Values softmax(const Values& values) {
    Values result;
    for (const float value : values) result.push_back(std::exp(value - largest(values)));
    const auto whole = static_cast<float>(sum(result));
    for (float& value : result) value /= whole;
    return result;
  }

  Node pooled(const Node& node, int width) {
    Node result{"pool(" + node.text + ", " + std::to_string(width) + ")", 6, Values(slots())};
    std::vector<std::size_t> order(slots());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t slot) { return table_.positions[slot]; });
    for (int place = 0; place < static_cast<int>(slots()); ++place) {
      double whole = 0;
      for (int at = place - width / 2; at <= place + width / 2; ++at) {
        if (at < 0 || at >= static_cast<int>(slots())) continue;
        whole += node.values[order[static_cast<std::size_t>(at)]];
      }
      result.values[order[static_cast<std::size_t>(place)]] = static_cast<float>(whole / width);
    }
    return result;
  }

  const RandomTable& table_;
  core::SplitMix64& random_;
};

std::string shown(float value) {
  return std::isnan(value) ? "nan" : std::to_string(value);
}

TEST(FormulaEvaluation, EqualsPlainLoopsOverRandomExpressions) {
  core::SplitMix64 random(5);
  Workspace workspace;
  int finite = 0;
  for (int round = 0; round < 3000; ++round) {
    const RandomTable table(1 + random.below(20), random);
    const Tree::Node tree = Tree(table, random).draw(static_cast<int>(random.below(5)));
    const Values values = evaluated(tree.text, table, workspace);
    ASSERT_EQ(values.size(), tree.values.size()) << tree.text;
    for (std::size_t slot = 0; slot < values.size(); ++slot) {
      ASSERT_EQ(shown(values[slot]), shown(tree.values[slot])) << tree.text << ", slot " << slot;
      if (!std::isnan(values[slot])) {
        ASSERT_EQ(values[slot], tree.values[slot]) << tree.text << ", slot " << slot;
      }
      finite += std::isfinite(values[slot]) ? 1 : 0;
    }
  }
  EXPECT_GT(finite, 10000) << "the expressions say too little";
}

TEST(FormulaEvaluation, TakesTheLowestRankForWhatIsNoNumber) {
  RandomTable table(4, *std::make_unique<core::SplitMix64>(1));
  table.odd = {3, std::nanf(""), -std::numeric_limits<float>::infinity(), 3};
  Workspace workspace;
  EXPECT_THAT(evaluated("rank(odd)", table, workspace),
              ::testing::ElementsAre(2.5F, 0.5F, 0.5F, 2.5F));
  EXPECT_THAT(evaluated("maxall(odd)", table, workspace), ::testing::Each(3));
}

TEST(FormulaEvaluation, DividesByTheWholeKernelAtTheEnds) {
  core::SplitMix64 random(1);
  RandomTable table(5, random);
  table.positions = {40, 10, 30, 20, 50};
  table.mass = {4, 1, 3, 2, 5};
  Workspace workspace;
  EXPECT_THAT(evaluated("pool(mass, 3)", table, workspace), ::testing::ElementsAre(4, 1, 3, 2, 3));
}

// The median of many evaluations, so that a busy machine does not fail it: 20 operations over 1,024
// slots take 10 µs on a quiet one.
TEST(FormulaEvaluation, TakesMicrosecondsForATable) {
  core::SplitMix64 random(2);
  const RandomTable table(1024, random);
  const auto parsed = parse(
      "zscore(log(mass + 1e-6)) - 0.5*zscore(age) + where(age < 3, 2, 0) * mass / (age + 1) - "
      "min(mass, age)*layer + rank(mass)/1024 + abs(age - 3) * sqrt(mass)",
      kNames);
  const auto& program = std::get<Program>(parsed);
  std::vector<Column> columns;
  for (const std::size_t name : program.names) columns.push_back(table.column(name));
  Values result(1024);
  Workspace workspace;
  std::vector<double> times;
  for (int round = 0; round < 200; ++round) {
    const auto start = std::chrono::steady_clock::now();
    evaluate(program, {.positions = table.positions, .columns = columns}, workspace, result);
    const std::chrono::duration<double, std::micro> taken =
        std::chrono::steady_clock::now() - start;
    times.push_back(taken.count());
  }
  std::ranges::sort(times);
  RecordProperty("median_us", std::to_string(times[100]));
  EXPECT_LT(times[100], 2000);
}

}  // namespace
}  // namespace sketchscope::formula
