#include "engine/measure/formula_fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/random.hpp"
#include "engine/policy/formula.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::measure {
namespace {

std::vector<int> random_tokens(std::uint64_t seed, std::size_t count) {
  core::SplitMix64 random(seed);
  std::vector<int> tokens(count);
  for (int& token : tokens) token = static_cast<int>(random.below(250));
  return tokens;
}

settings::Knobs small_knobs() {
  return {.max_cache_size = 16, .sinks = 2, .recent_window = 4};
}

TEST(FitTerms, AreFormulasOfWhatIsCountedWithoutASketch) {
  for (const std::string_view term : fit_terms()) {
    EXPECT_FALSE(policy::mistake_in(term)) << term;
    EXPECT_FALSE(policy::Formula(term).uses_sketch()) << term;
  }
}

TEST(FitFormula, GivesAFormulaThatForetellsWhatTheFullCacheAttendsTo) {
  const auto model = support::make_tiny_model();
  for (const settings::Granularity granularity :
       {settings::Granularity::layer, settings::Granularity::head}) {
    settings::Knobs knobs = small_knobs();
    knobs.granularity = granularity;
    const FittedFormula fitted =
        fit_formula(model, random_tokens(1, 10 * 64), {.knobs = knobs}, {}, {});
    EXPECT_EQ(fitted.chunks, 10U);
    // At 16, 32 and 48 tokens of each chunk: all but two sinks and the three latest.
    const std::size_t tables = granularity == settings::Granularity::head ? 4 : 2;
    EXPECT_EQ(fitted.samples, 10 * tables * (11 + 27 + 43));
    EXPECT_FALSE(policy::mistake_in(fitted.text)) << fitted.text;
    EXPECT_GT(fitted.explained, 0.2) << fitted.text;
    EXPECT_LE(fitted.explained, 1);
    ASSERT_FALSE(fitted.terms.empty());
    for (std::size_t at = 1; at < fitted.terms.size(); ++at) {
      EXPECT_GE(std::abs(fitted.terms[at - 1].weight), std::abs(fitted.terms[at].weight));
    }
  }
}

TEST(FitFormula, GivesTheSameFormulaAgain) {
  const auto model = support::make_tiny_model();
  const std::vector<int> tokens = random_tokens(2, 4 * 64);
  const FitOptions options{.knobs = small_knobs()};
  const std::string once = fit_formula(model, tokens, options, {}, {}).text;
  EXPECT_EQ(fit_formula(model, tokens, {.knobs = small_knobs(), .threads = 2}, {}, {}).text, once);
}

TEST(FitFormula, RefusesATextThatNeverMeetsAFullTable) {
  const auto model = support::make_tiny_model();
  EXPECT_THROW(fit_formula(model, random_tokens(3, 64), {.knobs = small_knobs()}, {}, {}),
               core::UsageError)
      << "one chunk cannot be left out";
  settings::Knobs roomy = small_knobs();
  roomy.max_cache_size = 60;
  EXPECT_THROW(fit_formula(model, random_tokens(3, 640), {.knobs = roomy}, {}, {}),
               core::UsageError);
}

TEST(FitFormula, EndsWhenItIsAskedTo) {
  std::stop_source stop;
  stop.request_stop();
  const FittedFormula fitted = fit_formula(support::make_tiny_model(), random_tokens(4, 640),
                                           {.knobs = small_knobs()}, {}, stop.get_token());
  EXPECT_TRUE(fitted.interrupted);
  EXPECT_TRUE(fitted.text.empty());
}

}  // namespace
}  // namespace sketchscope::measure
