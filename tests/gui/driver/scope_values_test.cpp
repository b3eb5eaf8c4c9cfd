#include "gui/driver/scope_values.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/driver/values.hpp"
#include "tests/support/invented_run.hpp"

namespace sketchscope::driver {
namespace {

class Scopes : public ::testing::Test {
 protected:
  Scopes() {
    for (int step = 0; step < 200; ++step) history_.append(run_.step());
    for (int step = 0; step < 90; ++step) other_.append(other_run_.step());
  }
  [[nodiscard]] WindowFacts facts() const {
    return {.state = state_,
            .history = history_,
            .other_history = other_,
            .selection = selection_,
            .study = nullptr,
            .notes = notes_,
            .presets = {},
            .errors = errors_};
  }
  [[nodiscard]] double number(std::string_view path) const {
    const auto text = scope_value(path, facts());
    EXPECT_TRUE(text.has_value()) << path;
    return core::parse_number<double>(text.value_or("")).value_or(-1e9);
  }

  test::InventedRun run_;
  test::InventedRun other_run_{{.seed = 2}};
  view::History history_;
  view::History other_;
  run::LiveState state_;
  widgets::Selection selection_;
  std::vector<run::StepNote> notes_;
  std::vector<std::string> errors_;
};

TEST_F(Scopes, AreAllStepsThoseOfTheAxesAndThoseOfTheOtherRun) {
  selection_.window.show({50, 59}, 200);
  double total = 0;
  double most = 0;
  for (std::int64_t step = 50; step < 60; ++step) {
    total += history_.at(step)->entropy;
    most = std::max(most, history_.at(step)->entropy);
  }
  EXPECT_NEAR(number("range.entropy"), total / 10, 1e-5);
  EXPECT_NEAR(number("range.entropy.max"), most, 1e-5);
  EXPECT_EQ(number("range.steps"), 10);
  EXPECT_EQ(number("range.first"), 50);
  EXPECT_EQ(number("run.steps"), 200);
  EXPECT_EQ(number("other.entropy.count"), 90);
  EXPECT_GT(number("run.evictions"), number("range.evictions"));
}

TEST_F(Scopes, RefuseASeriesThatThereIsNot) {
  EXPECT_THROW(static_cast<void>(scope_value("run.entropie", facts())), core::UsageError);
  EXPECT_EQ(scope_value("memory.process", facts()), std::nullopt) << "no scope";
  other_ = view::History();
  EXPECT_EQ(scope_value("other.entropy", facts()), std::string(kAbsentValue));
}

}  // namespace
}  // namespace sketchscope::driver
