"""`python -m bot` is `petition-bot`."""

from bot.cli import main

if __name__ == "__main__":
    main()
