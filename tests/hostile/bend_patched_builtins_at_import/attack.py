import builtins

builtins.isinstance = builtins.len = None
