#include "gui/driver/expression.hpp"

#include <gtest/gtest.h>

#include <map>

#include "engine/core/error.hpp"

namespace sketchscope::driver {
namespace {

std::optional<std::string> find(const std::string& path) {
  static const std::map<std::string, std::string> values = {{"run.perplexity", "12"},
                                                            {"other.perplexity", "10"},
                                                            {"max(last.logit_kl,0,9)", "0.5"},
                                                            {"model.name", "tiny"},
                                                            {"last.regret", "absent"}};
  const auto found = values.find(path);
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

TEST(Expression, IsComputedInTheUsualOrder) {
  EXPECT_EQ(expression_value("1.2 * other.perplexity", find), 12);
  EXPECT_EQ(expression_value("run.perplexity - 2 * 3 + 1", find), 7);
  EXPECT_EQ(expression_value("( run.perplexity - 2 ) * 3", find), 30);
  EXPECT_EQ(expression_value("(run.perplexity - 2) / -5", find), -2);
  EXPECT_EQ(expression_value("max(last.logit_kl,0,9) * 4", find), 2);
}

TEST(Expression, IsNoneOfOneOperandAndAbsentWithAnAbsentOne) {
  EXPECT_EQ(expression_value("run.perplexity", find), std::nullopt);
  EXPECT_EQ(expression_value("-3", find), std::nullopt);
  EXPECT_EQ(expression_value("last.regret * 2", find), std::nullopt);
}

TEST(Expression, IsRefusedWhereItCannotBeRead) {
  for (const char* text : {"1 + + nothing", "1 * model.name", "2 * (3 + 1", "1 2 3", "4 * 5 )"}) {
    EXPECT_THROW(static_cast<void>(expression_value(text, find)), core::UsageError) << text;
  }
}

}  // namespace
}  // namespace sketchscope::driver
