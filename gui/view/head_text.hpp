#pragma once

#include <string>

#include "engine/model/model_config.hpp"

namespace sketchscope::view {

/// Returns how a query head is named: "head 5", or "head 5 of group 1" where several share the keys
/// and values of a group.
std::string query_head_text(const model::ModelConfig& model, int head);

/// Returns how the head of a table is named: "head 5", or "group 1" where its keys and values are
/// those of a group of query heads.
std::string table_head_text(const model::ModelConfig& model, int head);

/// Returns the same in few letters: "H5", or "G1".
std::string table_head_mark(const model::ModelConfig& model, int head);

}  // namespace sketchscope::view
