#include "engine/model/families/activation_names.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace sketchscope::model {
namespace {

/// Names of one function, up to rounding, share a value.
constexpr std::array<std::pair<std::string_view, kernels::Activation>, 11> kActivations = {{
    {"gelu", kernels::Activation::gelu},
    {"gelu_python", kernels::Activation::gelu},
    {"gelu_new", kernels::Activation::gelu_new},
    {"gelu_fast", kernels::Activation::gelu_new},
    {"gelu_accurate", kernels::Activation::gelu_new},
    {"gelu_pytorch_tanh", kernels::Activation::gelu_new},
    {"gelu_python_tanh", kernels::Activation::gelu_new},
    {"relu", kernels::Activation::relu},
    {"silu", kernels::Activation::silu},
    {"swish", kernels::Activation::silu},
    {"tanh", kernels::Activation::tanh},
}};

}  // namespace

kernels::Activation read_activation(const ConfigOptions& options, const std::string& option,
                                    const std::string& fallback) {
  const std::string name = options.text(option, fallback);
  std::string known;
  for (const auto& [known_name, activation] : kActivations) {
    if (known_name == name) return activation;
    known += (known.empty() ? "" : ", ") + std::string(known_name);
  }
  options.refuse(option, name, "one of " + known);
}

}  // namespace sketchscope::model
