#include "engine/model/check_rows.hpp"

#include <string>

#include "engine/core/error.hpp"

namespace sketchscope::model {
namespace {

void require_in_range(const ModelConfig& config, const InputRow& row) {
  if (row.token < 0 || row.token >= config.vocabulary) {
    throw core::Error({.what = "a token is not in the model's vocabulary",
                       .found = std::to_string(row.token),
                       .expected = "0 to " + std::to_string(config.vocabulary - 1),
                       .remedy = "use the tokenizer of this model"});
  }
  const bool bounded = row.rotated || !config.rotary;
  if (row.position < 0 || (bounded && row.position >= config.positions)) {
    throw core::Error({.what = "a position is outside the model's context",
                       .found = std::to_string(row.position),
                       .expected = "0 to " + std::to_string(config.positions - 1),
                       .remedy = "shorten the text"});
  }
}

}  // namespace

void check_rows(const ModelConfig& config, std::span<const InputRow> rows) {
  for (const InputRow& row : rows) require_in_range(config, row);
}

}  // namespace sketchscope::model
