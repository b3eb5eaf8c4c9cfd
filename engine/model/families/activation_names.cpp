#include "engine/model/families/activation_names.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace sketchscope {
namespace {

/// Names of one function, up to rounding, share a value.
constexpr std::array<std::pair<std::string_view, Activation>, 11> kActivations = {{
    {"gelu", Activation::gelu},
    {"gelu_python", Activation::gelu},
    {"gelu_new", Activation::gelu_new},
    {"gelu_fast", Activation::gelu_new},
    {"gelu_accurate", Activation::gelu_new},
    {"gelu_pytorch_tanh", Activation::gelu_new},
    {"gelu_python_tanh", Activation::gelu_new},
    {"relu", Activation::relu},
    {"silu", Activation::silu},
    {"swish", Activation::silu},
    {"tanh", Activation::tanh},
}};

}  // namespace

Activation read_activation(const ConfigOptions& options, const std::string& option,
                           const std::string& fallback) {
  const std::string name = options.text(option, fallback);
  std::string known;
  for (const auto& [known_name, activation] : kActivations) {
    if (known_name == name) return activation;
    known += (known.empty() ? "" : ", ") + std::string(known_name);
  }
  options.refuse(option, name, "one of " + known);
}

}  // namespace sketchscope
