#include "engine/formula/parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace sketchscope::formula {
namespace {

constexpr std::array<std::string_view, 4> kParserNames = {"mass", "age", "T", "norm_k"};

Program program_of(const std::string& text) {
  auto parsed = parse(text, kParserNames);
  const auto* mistake = std::get_if<Mistake>(&parsed);
  if (mistake != nullptr) {
    ADD_FAILURE() << text << ", column " << mistake->column << ": found " << mistake->found
                  << ", expected " << mistake->expected;
    return {};
  }
  return std::get<Program>(std::move(parsed));
}

Mistake mistake_of(const std::string& text) {
  const auto parsed = parse(text, kParserNames);
  const auto* mistake = std::get_if<Mistake>(&parsed);
  if (mistake != nullptr) return *mistake;
  ADD_FAILURE() << text << " was taken for a formula";
  return {};
}

std::vector<Op> operations_of(const std::string& text) {
  std::vector<Op> operations;
  for (const Operation& operation : program_of(text).operations) {
    operations.push_back(operation.op);
  }
  return operations;
}

std::string repeated(const std::string& text, int count) {
  std::string all;
  for (int number = 0; number < count; ++number) all += text;
  return all;
}

TEST(FormulaParser, NamesEachValueOnceInTheOrderOfUse) {
  const Program program = program_of("age*mass + age/T");
  EXPECT_THAT(program.names, ::testing::ElementsAre(1, 0, 2));
  EXPECT_EQ(program.operations.front(), (Operation{.op = Op::name, .index = 0}));
}

TEST(FormulaParser, BindsTighterOperatorsFirst) {
  const std::vector<std::pair<std::string, std::string>> same = {
      {"mass + age * T", "mass + (age * T)"}, {"mass - age - T", "(mass - age) - T"},
      {"mass / age / T", "(mass / age) / T"}, {"mass ^ age ^ T", "mass ^ (age ^ T)"},
      {"-mass ^ 2", "-(mass ^ 2)"},           {"mass ^ -2", "mass ^ (-2)"},
      {"-mass * age", "(-mass) * age"},       {"mass < age + 1", "mass < (age + 1)"},
      {"2*mass==age", "(2*mass) == age"},
  };
  for (const auto& [bare, bracketed] : same) {
    EXPECT_EQ(program_of(bare).operations, program_of(bracketed).operations) << bare;
  }
  EXPECT_THAT(operations_of("mass ^ age ^ T"),
              ::testing::ElementsAre(Op::name, Op::name, Op::name, Op::power, Op::power));
}

TEST(FormulaParser, ReadsNumbersOfEveryForm) {
  for (const auto& [text, number] :
       {std::pair<std::string, float>{"3", 3}, {".5", 0.5F}, {"1e-3", 1e-3F}, {"2.50", 2.5F}}) {
    EXPECT_EQ(program_of(text).operations.front().number, number) << text;
  }
}

TEST(FormulaParser, CallsEveryFunctionWithAsManyValuesAsItTakes) {
  for (const Function& function : functions()) {
    const std::string name(function.name);
    std::string arguments = "mass";
    for (int more = 1; more < function.arguments; ++more) arguments += ", 3";
    EXPECT_EQ(operations_of(name + "(" + arguments + ")").back(), function.op);
    EXPECT_THAT(mistake_of(name + "(" + arguments + ", 3)").expected,
                ::testing::HasSubstr(" for " + name));
    EXPECT_FALSE(mistake_of(name + "()").expected.empty());
    EXPECT_EQ(mistake_of(name + " mass").expected, "'('");
  }
}

TEST(FormulaParser, SaysTheColumnOfAMistake) {
  struct Case {
    std::string text;
    int column;
    std::string found;
    std::string expected;
  };
  const std::vector<Case> cases = {
      {"", 1, "the end", "a number"},
      {"mass +", 7, "the end", "a number"},
      {"mass * mess", 8, "'mess'", "nearest: mass"},
      {"mass age", 6, "'age'", "an operator or the end"},
      {"(mass", 6, "the end", "')'"},
      {"mass)", 5, "')'", "an operator"},
      {"min(mass)", 9, "')'", "2 values for min"},
      {"exp(mass, age)", 9, "','", "1 value for exp"},
      {"pool(mass, 4)", 12, "'4'", "an odd number"},
      {"pool(mass, age)", 12, "'age'", "an odd number"},
      {"mass § age", 6, "'§'", "an operator"},
      {"1e99 * mass", 1, "'1e99'", "32 bits"},
      {"mass = age", 6, "'='", "an operator"},
  };
  for (const Case& one : cases) {
    const Mistake mistake = mistake_of(one.text);
    EXPECT_EQ(mistake.column, one.column) << one.text;
    EXPECT_EQ(mistake.found, one.found) << one.text;
    EXPECT_THAT(mistake.expected, ::testing::HasSubstr(one.expected)) << one.text;
  }
}

TEST(FormulaParser, BoundsTextOperationsAndDepth) {
  EXPECT_EQ(program_of(std::string(kLongestText - 1, ' ') + "1").operations.size(), 1U);
  EXPECT_EQ(mistake_of(std::string(kLongestText, ' ') + "1").column, 1025);

  // n values and n − 1 sums of them.
  EXPECT_EQ(program_of("1" + repeated("+1", 127)).operations.size(), 255U);
  EXPECT_THAT(mistake_of("1" + repeated("+1", 128)).expected, ::testing::HasSubstr("256"));

  EXPECT_EQ(program_of(repeated("1+(", 63) + "1" + repeated(")", 63)).depth, kDeepest);
  EXPECT_THAT(mistake_of(repeated("1+(", 64) + "1" + repeated(")", 64)).expected,
              ::testing::HasSubstr("64"));
  EXPECT_EQ(program_of(repeated("(", 64) + "1" + repeated(")", 64)).depth, 1);
  EXPECT_EQ(mistake_of(repeated("(", 65) + "1" + repeated(")", 65)).column, 65);
  EXPECT_EQ(mistake_of(repeated("-", 65) + "1").column, 65);
}

}  // namespace
}  // namespace sketchscope::formula
