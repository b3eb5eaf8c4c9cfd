#include "engine/core/timing.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace sketchscope::core {
namespace {

nlohmann::json events_of(const Trace& trace) {
  std::ostringstream text;
  trace.write(text);
  return nlohmann::json::parse(text.str()).at("traceEvents");
}

TEST(Trace, ShowsWorkInsideWork) {
  Trace trace;
  {
    const TraceSpan outer(&trace, "step");
    const TraceSpan inner(&trace, "linear \"quoted\"");
  }
  const auto events = events_of(trace);
  ASSERT_EQ(events.size(), 2U);
  const auto& inner = events[0];
  const auto& outer = events[1];
  EXPECT_EQ(inner.at("name"), "linear \"quoted\"");
  EXPECT_EQ(outer.at("name"), "step");
  const auto end = [](const auto& event) {
    return event.at("ts").template get<double>() + event.at("dur").template get<double>();
  };
  EXPECT_LE(outer.at("ts"), inner.at("ts"));
  EXPECT_GE(end(outer), end(inner));
  for (const auto& event : events) {
    EXPECT_EQ(event.at("ph"), "X");
    EXPECT_TRUE(event.contains("pid") && event.contains("tid"));
  }
}

TEST(Trace, IsEmptyWithoutWork) {
  EXPECT_TRUE(events_of({}).empty());
}

TEST(TraceSpan, NeedsNoTrace) {
  EXPECT_NO_THROW(TraceSpan(nullptr, "nothing"));
}

}  // namespace
}  // namespace sketchscope::core
