#pragma once

#include <array>
#include <string>
#include <string_view>

namespace sketchscope::cli {

/// An environment variable that the program reads.
struct EnvironmentVariable {
  std::string_view name;
  std::string_view meaning;
};

inline constexpr std::array kEnvironment = {
    EnvironmentVariable{"DISPLAY, WAYLAND_DISPLAY", "where the window opens"},
    EnvironmentVariable{"XDG_CONFIG_HOME",
                        "folder of sketchscope/settings.json, the window's settings (default: "
                        "~/.config)"},
    EnvironmentVariable{"XDG_DATA_HOME",
                        "folder of sketchscope/models, where models that get_model brought lie "
                        "(default: ~/.local/share)"},
    EnvironmentVariable{"XDG_STATE_HOME",
                        "folder of sketchscope, where a crash leaves the run and its messages "
                        "(default: ~/.local/state)"},
    EnvironmentVariable{"HOME", "the folder that those above are below where they are not set"},
    EnvironmentVariable{"TMPDIR", "folder for temporary files (default: /tmp)"},
    EnvironmentVariable{"TERM", "dumb: no progress is shown"},
    EnvironmentVariable{"NO_COLOR", "has nothing to do here: no command writes colours"},
    EnvironmentVariable{"RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT",
                        "this process's part of a study that many measure, as torchrun sets them"},
    EnvironmentVariable{"SLURM_PROCID, SLURM_NTASKS, SLURM_STEP_NODELIST",
                        "the same, as srun sets them"},
};

/// Returns the table of environment variables for help texts.
std::string environment_text();

}  // namespace sketchscope::cli
