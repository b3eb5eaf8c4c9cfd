#include "gui/view/head_text.hpp"

namespace sketchscope::view {
namespace {

bool grouped(const model::ModelConfig& model) {
  return model.kv_heads < model.heads;
}

}  // namespace

std::string query_head_text(const model::ModelConfig& model, int head) {
  const std::string name = "head " + std::to_string(head);
  return grouped(model) ? name + " of group " + std::to_string(model.kv_head_of(head)) : name;
}

std::string table_head_text(const model::ModelConfig& model, int head) {
  return (grouped(model) ? "group " : "head ") + std::to_string(head);
}

std::string table_head_mark(const model::ModelConfig& model, int head) {
  return (grouped(model) ? "G" : "H") + std::to_string(head);
}

}  // namespace sketchscope::view
