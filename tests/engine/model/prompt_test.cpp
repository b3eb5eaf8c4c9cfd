#include "engine/model/prompt.hpp"

#include <gmock/gmock.h>

#include "engine/core/error.hpp"

namespace sketchscope::model {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ParseTokenIds, TakesWordsAndWhatTokenizePrints) {
  EXPECT_THAT(parse_token_ids("1275 443"), ElementsAre(1275, 443));
  EXPECT_THAT(parse_token_ids("[1275,443]\n"), ElementsAre(1275, 443));
  EXPECT_THAT(parse_token_ids(" [ 1275, 443 ] "), ElementsAre(1275, 443));
  EXPECT_THAT(parse_token_ids("[]"), IsEmpty());
  EXPECT_THAT(parse_token_ids(""), IsEmpty());
}

TEST(ParseTokenIds, RefusesWhatIsNoListOfIds) {
  for (const char* text : {"1,2", "[1", "1]", "[[1]]", "-1", "1.5", "[\"1\"]", "x", "["}) {
    EXPECT_THROW(parse_token_ids(text), core::UsageError) << text;
  }
}

}  // namespace
}  // namespace sketchscope::model
