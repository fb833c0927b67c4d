from evenhand.command import main

main()
