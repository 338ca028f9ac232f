module "inner" {
  source = "./inner"

}
