#include "engine/text/chat_template.hpp"

#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

bool run_chat(std::string_view input) {
  const auto chat = accepted([&] { return text::recognise_chat_template(input, "<s>", "</s>"); });
  if (!chat) return false;
  for (const char* system : {"", "Be brief."}) {
    const std::string text = text::apply_chat(*chat, system, "Where is the lantern?");
    require(text.find("Where is the lantern?") != std::string::npos, "a chat without its message");
    require(text.find(system) != std::string::npos, "a chat without its system text");
  }
  return true;
}

std::vector<std::string> chat_seeds() {
  return {
      "{% for m in messages %}{% if loop.first and m['role'] != 'system' %}{{ "
      "'<|im_start|>system\\nYou are ours.<|im_end|>\\n' }}{% endif %}{{ '<|im_start|>' + "
      "m['role'] + '\\n' + m['content'] + '<|im_end|>' + '\\n' }}{% endfor %}",
      "{{ bos_token }}{% for m in messages %}{{ '<|start_header_id|>' + m['role'] + "
      "'<|end_header_id|>\\n\\n' + m['content'] + '<|eot_id|>' }}{% endfor %}",
      "{{ bos_token }}{% for m in messages %}{{ '[INST] ' + m['content'] + ' [/INST]' }}{% endfor "
      "%}",
      "{% for m in messages %}{{ '<|user|>\\n' + m['content'] + eos_token }}{% endfor %}{{ "
      "'<|assistant|>' }}"};
}

}  // namespace

Target chat_target() {
  return {"chat", "a chat template in Jinja", run_chat, chat_seeds};
}

}  // namespace sketchscope::fuzz
