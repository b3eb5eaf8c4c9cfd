#pragma once

namespace sketchscope {

inline constexpr const char* kStudySchema = "sketchscope/study/1";
inline constexpr const char* kResultSchema = "sketchscope/study-result/1";
inline constexpr const char* kSummarySchema = "sketchscope/study-summary/1";

}  // namespace sketchscope
