// Built-in grids, in the JSON form that a grid file has.
#include <array>

#include "engine/study/grid.hpp"

namespace sketchscope::study {
namespace {

// Widths · depths · capacities · (three topk + aggregate) = 4 · 3 · 3 · (3 + 1) = 144.
constexpr std::string_view kOriginal = R"({
  "name": "original",
  "question": "Can a small sketch of accumulated attention choose which positions a capped cache keeps, and what do its width, its depth, the capacity and the read cost or save?",
  "base": {"policy": "sketch"},
  "blocks": [
    {"sketch_width": [128, 256, 512, 1024], "sketch_depth": [2, 4, 6],
     "max_cache_size": [64, 128, 256],
     "recent_window": {"share": 0.25, "of": "max_cache_size"},
     "read": "topk", "read_k": [32, 64, 128]},
    {"sketch_width": [128, 256, 512, 1024], "sketch_depth": [2, 4, 6],
     "max_cache_size": [64, 128, 256],
     "recent_window": {"share": 0.25, "of": "max_cache_size"},
     "read": "aggregate"}
  ],
  "baselines": [
    "full",
    {"name": "window", "max_cache_size": [64, 128, 256],
     "recent_window": {"share": 0.25, "of": "max_cache_size"}},
    "int8"
  ],
  "quick": {"prompts": 3, "lengths": [256], "new_tokens": 64, "attention_every": 8},
  "full": {"prompts": 10, "lengths": [256, 512, 1024], "new_tokens": 128, "attention_every": 16}
})";

constexpr std::string_view kPolicies = R"({
  "name": "policies",
  "question": "Which policy keeps the most of GPT-2's predictions and of facts told far back, at the same capacity and in the same bytes?",
  "blocks": [
    {"policy": ["window", "heavy-hitter", "sketch", "tova", "age-normalized", "key-norm", "caote", "random"],
     "max_cache_size": [32, 64, 128, 256],
     "recent_window": {"share": 0.25, "of": "max_cache_size"}},
    {"policy": ["heavy-hitter", "sketch", "tova", "age-normalized", "key-norm", "caote"],
     "bytes_of_capacity": [64, 128, 256],
     "recent_window": {"share": 0.25, "of": "max_cache_size"}}
  ],
  "baselines": ["full", "int8", "int4"],
  "quick": {"text_tokens": 4096, "questions": 60, "distance_from": 400, "distance_to": 900, "attention_every": 16},
  "full": {"text_tokens": 32768, "questions": 300, "distance_from": 400, "distance_to": 900, "attention_every": 16}
})";

// With one table per head in 4 bits, a slot takes 40 bytes, so that a counter of 4 bytes is a
// tenth.
constexpr std::string_view kCounters = R"({
  "name": "counters",
  "question": "Where is a small sketch of attention worth more than exact counters in the same bytes?",
  "base": {"granularity": "head", "kv": "int4", "recent_window": 16},
  "blocks": [
    {"policy": "heavy-hitter", "decay": [1, 0.97], "bytes_of_capacity": 72},
    {"policy": "age-normalized", "decay": [1, 0.99], "bytes_of_capacity": 72},
    {"policy": "sketch", "sketch_key": "head-position", "decay": [1, 0.97],
     "sketch_width": 128, "sketch_depth": [1, 2, 4], "bytes_of_capacity": 72}
  ],
  "baselines": [{"name": "full", "kv": "f32"}, "int4"],
  "quick": {"text_tokens": 8192},
  "full": {"text_tokens": 98304}
})";

constexpr std::array kGrids = {
    BuiltinGrid{"original", "144 points of sketch width, depth, capacity and read", kOriginal},
    BuiltinGrid{"policies", "every policy at equal capacity and in equal bytes", kPolicies},
    BuiltinGrid{"counters", "small sketches and exact counters in equal bytes", kCounters},
};

}  // namespace

std::span<const BuiltinGrid> builtin_grids() {
  return kGrids;
}

}  // namespace sketchscope::study
